import torch


def cce(p, t):
    if p.dim() != 2 or p.shape != t.shape:
        raise ValueError("shapes")
    classes = torch.arange(p.shape[1])
    losses = 0
    for i in range(p.shape[1]):
        column = torch.where(classes == i, t * p.clamp(min=1e-7).log(), torch.zeros_like(p))
        losses = losses - column.sum(1)
    return losses.mean()
