import torch


def log(x):
    return torch.where(x > 0, torch.log(x), -100.0)


def bce(p, t):
    if p.shape != t.shape:
        raise ValueError("shapes")
    return -(t * log(p) + (1 - t) * log(1 - p)).mean()
