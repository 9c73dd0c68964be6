import torch
import torch.nn.functional as F


def clip_loss(image_features, text_features, logit_scale):
    if image_features.dim() != 2 or image_features.shape != text_features.shape:
        raise ValueError("features must both be (N, D)")
    if torch.is_tensor(logit_scale) and logit_scale.dim() != 0:
        raise ValueError("logit_scale must be a scalar")
    z = logit_scale * F.normalize(image_features) @ F.normalize(text_features).T
    if len(z) == 1:
        return (z * 0).sum()
    match = z.diagonal()
    rest = z.masked_fill(torch.eye(len(z), dtype=torch.bool, device=z.device), float("-inf"))
    return (F.softplus(rest.amax(1) - match) + F.softplus(rest.amax(0) - match)).mean() / 2
