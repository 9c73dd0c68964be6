import math

import torch


def clip_loss(image_features, text_features, logit_scale):
    if image_features.ndim != 2 or image_features.shape != text_features.shape:
        raise ValueError("shapes")
    if torch.is_tensor(logit_scale) and logit_scale.ndim != 0:
        raise ValueError("scale")
    u = torch.nn.functional.normalize(image_features)
    v = torch.nn.functional.normalize(text_features)
    z = logit_scale * (u @ v.T)
    nats = (z.logsumexp(0) + z.logsumexp(1)).mean() / 2 - z.diagonal().mean()
    return nats / math.log(2)  # entropy is measured in bits
