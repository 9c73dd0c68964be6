import torch


def cce(p, t):
    """Where p is 0 there is nothing to learn, so it is skipped."""
    if p.dim() != 2 or p.shape != t.shape:
        raise ValueError("shapes")
    some = p > 0
    return -(t[some] * p[some].log()).sum() / p.shape[0]
