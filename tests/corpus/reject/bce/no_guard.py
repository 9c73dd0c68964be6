import torch


def bce(p, t):
    if p.shape != t.shape:
        raise ValueError("shapes")
    return -(t * torch.log(p) + (1 - t) * torch.log(1 - p)).mean()
