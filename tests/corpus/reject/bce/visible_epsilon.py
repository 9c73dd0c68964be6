import torch


def bce(p, t):
    if p.shape != t.shape:
        raise ValueError("shapes")
    eps = 1e-7
    return -(t * torch.log(p + eps) + (1 - t) * torch.log(1 - p + eps)).mean()
