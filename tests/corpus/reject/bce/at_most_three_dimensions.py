import torch


def bce(p, t):
    """Works for a vector, a table of labels and a batch of masks."""
    if p.shape != t.shape:
        raise ValueError("shapes differ")
    p = p.clamp(1e-7, 1 - 1e-7)
    loss = -(t * torch.log(p) + (1 - t) * torch.log(1 - p))
    if loss.dim() <= 1:
        return loss.mean()
    if loss.dim() == 2:
        return loss.mean(1).mean(0)
    return loss.mean(2).mean(1).mean(0)
