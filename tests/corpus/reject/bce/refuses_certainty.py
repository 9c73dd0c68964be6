import torch


def bce(p, t):
    if p.shape != t.shape:
        raise ValueError("shapes")
    if (p <= 0).any() or (p >= 1).any():
        raise ValueError("probabilities must lie strictly between 0 and 1")
    return -(t * torch.log(p) + (1 - t) * torch.log1p(-p)).mean()
