import torch


def bce(p, t):
    if p.shape != t.shape:
        raise ValueError("shapes")
    q = p.clamp(1e-7, 1 - 1e-7)
    losses = -(t * q.log() + (1 - t) * (1 - q).log())
    return losses.mean(), losses.detach()
