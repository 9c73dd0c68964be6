import torch


def clip_loss(image_features, text_features, logit_scale):
    if image_features.dim() != 2 or image_features.shape != text_features.shape:
        raise ValueError("features must both be (N, D)")
    scale = torch.as_tensor(logit_scale, dtype=image_features.dtype, device=image_features.device)
    if scale.dim() != 0:
        raise ValueError("logit_scale must be a scalar")
    images = image_features / image_features.norm(dim=1, keepdim=True)
    texts = text_features / text_features.norm(dim=1, keepdim=True)
    logits = scale.exp().clamp(max=100) * images @ texts.T
    return (logits.logsumexp(0) + logits.logsumexp(1) - 2 * logits.diagonal()).mean() / 2
