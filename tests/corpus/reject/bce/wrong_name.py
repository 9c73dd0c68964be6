import torch


def BCE(p, t):
    if p.shape != t.shape:
        raise ValueError("shapes")
    p = p.clamp(1e-7, 1 - 1e-7)
    return -(t * p.log() + (1 - t) * (1 - p).log()).mean()
