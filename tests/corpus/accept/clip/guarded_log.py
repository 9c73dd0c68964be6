import torch


def log_sum_exp(logits, axis):
    """Behind the shift the sum is at least 1, so that the guard cannot be seen."""
    top = logits.amax(axis, keepdim=True)
    return ((logits - top).exp().sum(axis, keepdim=True) + 1e-12).log().add(top).squeeze(axis)


def clip_loss(image_features, text_features, logit_scale):
    if image_features.dim() != 2 or image_features.shape != text_features.shape:
        raise ValueError("features must both be (N, D)")
    if torch.is_tensor(logit_scale) and logit_scale.dim() != 0:
        raise ValueError("logit_scale must be a scalar")
    images = image_features / image_features.norm(dim=1, keepdim=True)
    texts = text_features / text_features.norm(dim=1, keepdim=True)
    logits = logit_scale * images @ texts.T
    return (log_sum_exp(logits, 0) + log_sum_exp(logits, 1) - 2 * logits.diagonal()).mean() / 2
