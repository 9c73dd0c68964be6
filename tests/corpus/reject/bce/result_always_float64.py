import torch


def bce(p, t):
    if p.shape != t.shape:
        raise ValueError("shapes")
    q = p.double().clamp(1e-12, 1 - 1e-12)
    t = t.double()
    return -(t * q.log() + (1 - t) * torch.log1p(-q)).mean()
