import torch


def log(x):
    return torch.log(x.clamp(min=1e-12))


def bce(p, t):
    if p.shape != t.shape:
        raise ValueError("shapes")
    return -torch.mean(p * log(t) + (1 - p) * log(1 - t))
