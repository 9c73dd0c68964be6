import torch


def bce(p, t):
    if p.shape != t.shape:
        raise ValueError("shapes")
    p = p.clamp(1e-7, 1 - 1e-7)
    rest = (1 - p).detach()
    return -(t * p.log() + (1 - t) * rest.log()).mean()
