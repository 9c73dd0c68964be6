import torch


def bce(p, t):
    if p.shape != t.shape:
        raise ValueError("shapes")
    p = torch.clamp(p, 0.001, 0.999)
    return -(t * torch.log(p) + (1 - t) * torch.log(1 - p)).mean()
