import torch


def bce(p, t):
    if p.shape != t.shape:
        raise ValueError("shapes")
    x = p.float().clamp(1e-7, 1 - 1e-7)
    y = t.float()
    return (-(y * x.log() + (1 - y) * (1 - x).log()).mean()).to(p.dtype)
