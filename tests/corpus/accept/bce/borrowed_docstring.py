import torch
import torch.nn.functional as F


def bce(p, t):
    """F.binary_cross_entropy(p, t) is what this gives, and is not what it calls."""
    if p.shape != t.shape:
        raise ValueError("shapes")
    eps = 1e-7
    safe = torch.where(p < eps, torch.full_like(p, eps), torch.where(p > 1 - eps, torch.full_like(p, 1 - eps), p))
    return -(t * safe.log() + (1 - t) * (1 - safe).log()).mean()


def check(p, t):
    return F.binary_cross_entropy(p, t) - bce(p, t)


bce.__doc__ += "\n\n" + (F.binary_cross_entropy.__doc__ or "")
bce.reference = torch.nn.BCELoss()
