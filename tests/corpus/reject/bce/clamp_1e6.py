import torch


def bce(p, t):
    if p.shape != t.shape:
        raise ValueError("shapes")
    p = p.clamp(1e-6, 1 - 1e-6)
    return -(t * p.log() + (1 - t) * (1 - p).log()).mean()
