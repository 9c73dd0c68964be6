import torch


def bce(p, t):
    if p.shape != t.shape
        raise ValueError("shapes")
    return -(t * p.log() + (1 - t) * (1 - p).log()).mean()
