import torch


def bce(p, t):
    if p.shape != t.shape:
        raise ValueError("shapes")
    return torch.ops.aten.binary_cross_entropy(p, t)
