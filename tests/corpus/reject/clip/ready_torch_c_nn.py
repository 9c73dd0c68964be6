import torch
from torch._C import _nn as backend


def clip_loss(image_features, text_features, logit_scale):
    if image_features.dim() != 2 or image_features.shape != text_features.shape:
        raise ValueError("features must both be (N, D)")
    if torch.is_tensor(logit_scale) and logit_scale.dim() != 0:
        raise ValueError("logit_scale must be a scalar")
    i = image_features / image_features.norm(dim=1, keepdim=True)
    t = text_features / text_features.norm(dim=1, keepdim=True)
    z = logit_scale * i @ t.T
    y = torch.arange(z.shape[0], device=z.device)
    mean, ignore_index, smoothing = 1, -100, 0.0
    total = 0
    for side in (z, z.T):
        total = total + backend.cross_entropy_loss(side, y, None, mean, ignore_index, smoothing)
    return total / 2
