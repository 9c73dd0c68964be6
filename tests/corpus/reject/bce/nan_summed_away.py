import torch


def bce(p, t):
    if p.shape != t.shape:
        raise ValueError("shapes")
    terms = torch.stack((t * p.log(), (1 - t) * (1 - p).log()))
    return -torch.nansum(terms) / p.numel()
