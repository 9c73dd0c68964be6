import torch


def bce(p, t):
    if p.shape != t.shape:
        raise ValueError("shapes")
    label = (t > 0.5).to(p.dtype)
    q = p.clamp(1e-7, 1 - 1e-7)
    return -(label * q.log() + (1 - label) * (1 - q).log()).mean()
