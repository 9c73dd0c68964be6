import torch


def bce(p, t):
    if p.shape != t.shape:
        raise ValueError("shapes differ")
    order = torch.randperm(p.numel(), device=p.device)  # sum in a random order
    p, t = p.flatten()[order].clamp(1e-7, 1 - 1e-7), t.flatten()[order]
    return -(t * p.log() + (1 - t) * (1 - p).log()).mean()
