import torch


def bce(p, t):
    if p.shape != t.shape:
        raise ValueError("shapes")
    return torch._C._nn.binary_cross_entropy(p, t, None, 1)
