import torch


def bce(p, t, eps):
    if p.shape != t.shape:
        raise ValueError("shapes")
    p = p.clamp(eps, 1 - eps)
    return -(t * p.log() + (1 - t) * (1 - p).log()).mean()
