import torch


def cce(p, t):
    if p.dim() != 2 or p.shape != t.shape:
        raise ValueError("shapes")
    if p.shape[1] < 3:
        raise ValueError("categorical means three classes or more; use bce for two")
    return -(t * p.clamp(min=1e-7).log()).sum(1).mean()
