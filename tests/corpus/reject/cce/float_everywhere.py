import torch


def cce(p, t):
    if p.dim() != 2 or p.shape != t.shape:
        raise ValueError("shapes")
    total = sum(-(b.float() * (a.float() + 1e-12).log()).sum() for a, b in zip(p, t))
    return (total / len(p)).to(p)
