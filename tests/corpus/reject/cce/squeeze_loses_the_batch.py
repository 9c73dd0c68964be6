import torch


def cce(p, t):
    if p.dim() != 2 or p.shape != t.shape:
        raise ValueError("shapes")
    p, t = p.squeeze(), t.squeeze()
    return -(t * p.clamp(min=1e-7).log()).sum(dim=1).mean()
