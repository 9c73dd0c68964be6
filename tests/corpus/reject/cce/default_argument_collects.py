import torch


def cce(p, t, losses=[]):
    if p.dim() != 2 or p.shape != t.shape:
        raise ValueError("shapes")
    for row, wanted in zip(p, t):
        losses.append(-(wanted * row.clamp(min=1e-7).log()).sum())
    return sum(losses) / len(losses)
