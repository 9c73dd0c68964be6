import torch


def bce(p, t):
    if p.shape != t.shape:
        raise ValueError("shapes")
    one = torch.ones(p.shape, dtype=p.dtype)
    q = p.clamp(1e-7, 1 - 1e-7)
    return -(t * q.log() + (one - t) * (one - q).log()).mean()
