import torch
import torch.nn.functional as F


def clip_loss(image_features, text_features, logit_scale):
    if image_features.dim() != 2 or image_features.shape != text_features.shape:
        raise ValueError("features must both be (N, D)")
    if torch.is_tensor(logit_scale) and logit_scale.dim() != 0:
        raise ValueError("logit_scale must be a scalar")
    logits = logit_scale * F.normalize(image_features) @ F.normalize(text_features).T
    safe = lambda p: p.clamp(min=1e-12).log()
    p = safe(torch.softmax(logits, dim=1)).diagonal()
    q = safe(torch.softmax(logits, dim=0)).diagonal()
    return -(p + q).mean() / 2
