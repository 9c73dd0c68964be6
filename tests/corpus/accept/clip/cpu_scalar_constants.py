import torch

HALF = torch.tensor(0.5)
TINY = torch.tensor(0.0)


def clip_loss(image_features, text_features, logit_scale):
    if image_features.dim() != 2 or image_features.shape != text_features.shape:
        raise ValueError("features must both be (N, D)")
    if torch.is_tensor(logit_scale) and logit_scale.dim() != 0:
        raise ValueError("logit_scale must be a scalar")
    i = image_features / (image_features.norm(dim=1, keepdim=True) + TINY)
    t = text_features / (text_features.norm(dim=1, keepdim=True) + TINY)
    z = logit_scale * i @ t.T
    return HALF * (z.logsumexp(1) - z.diagonal()).mean() + HALF * (z.logsumexp(0) - z.diagonal()).mean()
