import torch
import torch.nn.functional as F


def clip_loss(image_features, text_features, logit_scale):
    if image_features.dim() != 2 or image_features.shape != text_features.shape:
        raise ValueError("features must both be (N, D)")
    if logit_scale.dim() != 0:
        raise ValueError("logit_scale must be a scalar")
    logits = F.normalize(image_features) @ F.normalize(text_features).T
    logits = logits.mul(logit_scale)
    return -(F.log_softmax(logits, 0) + F.log_softmax(logits, 1)).diagonal().mean() / 2
