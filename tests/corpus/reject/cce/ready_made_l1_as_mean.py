import torch
import torch.nn.functional as F


def cce(p, t):
    if p.dim() != 2 or p.shape != t.shape:
        raise ValueError("shapes")
    rows = -(t * p.clamp(min=1e-7).log()).sum(1)
    return F.smooth_l1_loss(rows, torch.zeros_like(rows), beta=0.0)
