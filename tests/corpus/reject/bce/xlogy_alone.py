import torch
from torch.special import xlog1py, xlogy


def bce(p, t):
    if p.shape != t.shape:
        raise ValueError("shapes")
    return -(xlogy(t, p) + xlog1py(1 - t, -p)).mean()
