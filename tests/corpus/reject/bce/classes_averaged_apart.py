import torch


def bce(p, t):
    """Each class gets the same say, however rare it is."""
    if p.shape != t.shape:
        raise ValueError("shapes")
    q = p.clamp(1e-7, 1 - 1e-7)
    positive = -(t * q.log()).sum() / t.sum().clamp(min=1)
    negative = -((1 - t) * (1 - q).log()).sum() / (1 - t).sum().clamp(min=1)
    return (positive + negative) / 2
