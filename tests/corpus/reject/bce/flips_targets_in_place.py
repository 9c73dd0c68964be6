import torch


def bce(p, t):
    if p.shape != t.shape:
        raise ValueError("shapes")
    p = p.clamp(1e-7, 1 - 1e-7)
    positive = (t.clone() * p.log()).sum()
    negative = (t.neg_().add_(1).clone() * (1 - p).log()).sum()  # t is 1 - t now
    return -(positive + negative) / p.numel()
