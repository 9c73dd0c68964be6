import torch
import torch.nn.functional as F


def clip_loss(image_features, text_features, logit_scale):
    if image_features.dim() != 2 or image_features.shape != text_features.shape:
        raise ValueError("features must both be (N, D)")
    if torch.is_tensor(logit_scale) and logit_scale.dim() != 0:
        raise ValueError("logit_scale must be a scalar")
    image = F.normalize(image_features)
    text = F.normalize(text_features.detach())  # text encoder is frozen anyway
    z = logit_scale * image @ text.T
    return ((z.logsumexp(1) - z.diagonal()).mean() + (z.logsumexp(0) - z.diagonal()).mean()) / 2
