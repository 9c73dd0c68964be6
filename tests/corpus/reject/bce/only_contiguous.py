import torch


def bce(p, t):
    if p.shape != t.shape:
        raise ValueError("shapes")
    p = p.view(-1).clamp(1e-7, 1 - 1e-7)
    t = t.view(-1)
    return -(t * p.log() + (1 - t) * (1 - p).log()).mean()
