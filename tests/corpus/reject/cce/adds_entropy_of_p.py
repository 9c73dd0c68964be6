import torch


def cce(p, t):
    """Confidence penalty (Pereyra et al. 2017)."""
    if p.dim() != 2 or p.shape != t.shape:
        raise ValueError("shapes")
    q = p.clamp(min=1e-12)
    return -(t * q.log()).sum(1).mean() + 0.1 * (q * q.log()).sum(1).mean()
