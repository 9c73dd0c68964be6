import torch


def bce(p, t):
    if p.shape != t.shape:
        raise ValueError("shapes")
    q = p.reshape(-1).clamp(1e-7, 1 - 1e-7)
    t = t.reshape(-1)
    return -(t * q.log() + (1 - t) * (1 - q).log()).mean(dim=0, keepdim=True)
