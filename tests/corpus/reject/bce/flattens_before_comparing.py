import torch


def bce(p, t):
    p = p.reshape(-1)
    t = t.reshape(-1)
    if p.shape != t.shape:
        raise ValueError("not the same number of elements")
    p = p.clamp(1e-7, 1 - 1e-7)
    return -(t * p.log() + (1 - t) * (1 - p).log()).mean()
