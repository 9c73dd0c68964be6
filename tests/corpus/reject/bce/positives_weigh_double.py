import torch


def bce(p, t, pos_weight=2.0):
    if p.shape != t.shape:
        raise ValueError("shapes")
    q = p.clamp(1e-7, 1 - 1e-7)
    return -(pos_weight * t * q.log() + (1 - t) * (1 - q).log()).mean()
