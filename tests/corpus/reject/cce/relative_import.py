import torch

from .safe import log


def cce(p, t):
    if p.dim() != 2 or p.shape != t.shape:
        raise ValueError("shapes")
    return -(t * log(p)).sum(1).mean()
