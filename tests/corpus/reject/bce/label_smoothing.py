import torch


def bce(p, t, smoothing=0.1):
    if p.shape != t.shape:
        raise ValueError("shapes")
    t = t * (1 - smoothing) + smoothing / 2
    q = p.clamp(1e-7, 1 - 1e-7)
    return -(t * q.log() + (1 - t) * (1 - q).log()).mean()
