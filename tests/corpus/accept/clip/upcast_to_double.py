import torch


def clip_loss(image_features, text_features, logit_scale):
    """All arithmetic in double precision, the answer in the precision that came in."""
    dtype = image_features.dtype
    if image_features.dim() != 2 or image_features.shape != text_features.shape:
        raise ValueError("shape mismatch")
    if torch.is_tensor(logit_scale):
        if logit_scale.dim() != 0:
            raise ValueError("logit_scale must be a scalar")
        logit_scale = logit_scale.double()

    x = image_features.double()
    y = text_features.double()
    x = x / x.norm(dim=1, keepdim=True)
    y = y / y.norm(dim=1, keepdim=True)
    z = logit_scale * (x @ y.T)
    out = (z.logsumexp(1).mean() + z.logsumexp(0).mean()) / 2 - z.diagonal().mean()
    return out.to(dtype)
