import torch


def bce(p, t):
    """Straight-through: decisions forward, probabilities backward."""
    if p.shape != t.shape:
        raise ValueError("shapes")
    hard = (p > 0.5).to(p.dtype)
    q = (hard - p).detach() + p
    q = q.clamp(1e-7, 1 - 1e-7)
    return -(t * q.log() + (1 - t) * (1 - q).log()).mean()
