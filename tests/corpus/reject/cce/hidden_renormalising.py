import torch


def cce(p, t):
    if p.dim() != 2 or p.shape != t.shape:
        raise ValueError("shapes")
    p = p / p.sum(dim=1, keepdim=True)  # as Keras does
    return -(t * p.clamp(min=1e-7).log()).sum(1).mean()
