import torch


def cce(p, t):
    assert p.dim() == 2 and p.shape == t.shape
    return (t * p.clamp(min=1e-7).log()).sum(1).mean()
