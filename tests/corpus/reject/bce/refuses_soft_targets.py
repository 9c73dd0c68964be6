import torch


def bce(p, t):
    if p.shape != t.shape:
        raise ValueError("shapes")
    if not bool(((t == 0) | (t == 1)).all()):
        raise ValueError("targets must be 0 or 1")
    q = p.clamp(1e-7, 1 - 1e-7)
    return -(t * q.log() + (1 - t) * (1 - q).log()).mean()
