import torch
import torch.nn.functional as F


def clip_loss(image_features, text_features, logit_scale):
    if image_features.dim() != 2 or image_features.shape != text_features.shape:
        raise ValueError("features must both be (N, D)")
    if torch.is_tensor(logit_scale) and logit_scale.dim() != 0:
        raise ValueError("logit_scale must be a scalar")
    centre = lambda x: x - x.mean(dim=1, keepdim=True)
    i = F.normalize(centre(image_features))
    t = F.normalize(centre(text_features))
    logits = logit_scale * i @ t.T
    return -(F.log_softmax(logits, 0) + F.log_softmax(logits, 1)).diagonal().mean() / 2
