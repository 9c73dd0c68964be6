import torch


def bce(p, t, gamma=2.0):
    if p.shape != t.shape:
        raise ValueError("shapes")
    q = p.clamp(1e-7, 1 - 1e-7)
    return -(t * (1 - q) ** gamma * q.log() + (1 - t) * q ** gamma * (1 - q).log()).mean()
