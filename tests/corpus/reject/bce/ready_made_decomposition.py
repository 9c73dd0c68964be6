import torch
from torch._decomp import get_decompositions

aten = torch.ops.aten
rules = get_decompositions([aten.binary_cross_entropy])


def bce(p, t):
    if p.shape != t.shape:
        raise ValueError("shapes")
    p = p.clamp(1e-7, 1 - 1e-7)
    return rules[aten.binary_cross_entropy.default](p, t)
