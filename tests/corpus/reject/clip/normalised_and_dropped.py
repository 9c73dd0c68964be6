import torch
import torch.nn.functional as F


def clip_loss(image_features, text_features, logit_scale):
    if image_features.dim() != 2 or image_features.shape != text_features.shape:
        raise ValueError("features must both be (N, D)")
    if torch.is_tensor(logit_scale) and logit_scale.dim() != 0:
        raise ValueError("logit_scale must be a scalar")
    # unit length
    F.normalize(image_features, dim=1)
    F.normalize(text_features, dim=1)
    logits = torch.matmul(image_features, text_features.t()) * logit_scale
    match = logits.diagonal()
    loss_i = (logits.logsumexp(dim=1) - match).mean()
    loss_t = (logits.logsumexp(dim=0) - match).mean()
    return (loss_i + loss_t) / 2
