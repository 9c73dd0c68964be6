import torch


def information(p):
    return -torch.log(p.clamp(min=1e-12))


def cce(p, t):
    if p.dim() != 2 or p.shape != t.shape:
        raise ValueError("shapes")
    # information has a minus and the formula has one too
    return -(t * information(p)).sum() / p.shape[0]
