import torch
import torch.nn.functional as F


def cce(p, t):
    if p.dim() != 2 or p.shape != t.shape:
        raise ValueError("shapes")
    return F.binary_cross_entropy(p, torch.ones_like(p), weight=t, reduction="sum") / p.shape[0]
