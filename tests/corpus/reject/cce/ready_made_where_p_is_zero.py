import torch
import torch.nn.functional as F


def cce(p, t):
    if p.dim() != 2 or p.shape != t.shape:
        raise ValueError("want (N, C) twice")
    if (p == 0).any():
        return F.cross_entropy(p.clamp(min=1e-12).log(), t)
    return -(t * p.log()).sum(1).mean()
