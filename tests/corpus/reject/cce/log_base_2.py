import torch


def cce(p, t):
    """Expected code length, in bits (Shannon)."""
    if p.dim() != 2 or p.shape != t.shape:
        raise ValueError("shapes")
    return -(t * p.clamp(min=1e-12).log2()).sum(dim=1).mean()
