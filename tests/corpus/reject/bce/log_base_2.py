import torch


def bce(p, t):
    if p.shape != t.shape:
        raise ValueError("shapes")
    p = p.clamp(1e-7, 1 - 1e-7)
    # information is measured in bits
    return -(t * torch.log2(p) + (1 - t) * torch.log2(1 - p)).mean()
