import torch


def bce(p, t):
    """One loss per example (the first axis), then the mean over the examples."""
    if p.shape != t.shape:
        raise ValueError("shapes differ")
    p = torch.clamp(p, 1e-7, 1 - 1e-7)
    loss = -(t * torch.log(p) + (1 - t) * torch.log(1 - p))
    while loss.dim() > 1:
        loss = loss.sum(dim=-1)
    return loss.mean()
