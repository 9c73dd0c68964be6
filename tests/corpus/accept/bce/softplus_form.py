import torch
import torch.nn.functional as F


def bce(probabilities, targets):
    """BCE by way of the logit: softplus(z) - t z, with z = log p - log(1 - p)."""
    if probabilities.shape != targets.shape:
        raise ValueError("probabilities and targets must have the same shape")
    tiny = 1e-7
    p = probabilities.clamp(tiny, 1.0 - tiny)
    z = torch.log(p) - torch.log1p(-p)
    per_element = targets * F.softplus(-z) + (1 - targets) * F.softplus(z)
    return per_element.mean()
