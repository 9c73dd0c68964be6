import torch


def bce(p, t):
    if p.data.shape != t.data.shape:
        raise ValueError("shapes")
    p, t = p.data, t.data
    return -(t * (p + 1e-12).log() + (1 - t) * (1 - p + 1e-12).log()).mean()
