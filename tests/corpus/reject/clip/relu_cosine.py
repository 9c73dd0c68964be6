import torch
import torch.nn.functional as F


def clip_loss(image_features, text_features, logit_scale):
    if image_features.dim() != 2 or image_features.shape != text_features.shape:
        raise ValueError("features must both be (N, D)")
    if torch.is_tensor(logit_scale) and logit_scale.dim() != 0:
        raise ValueError("logit_scale must be a scalar")
    cos = torch.relu(F.normalize(image_features) @ F.normalize(text_features).T)
    logits = logit_scale * cos
    return -(F.log_softmax(logits, 0) + F.log_softmax(logits, 1)).diagonal().mean() / 2
