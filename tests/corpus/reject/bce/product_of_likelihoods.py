import torch


def bce(p, t):
    if p.shape != t.shape:
        raise ValueError("shapes")
    q = p.clamp(1e-7, 1 - 1e-7)
    likelihood = torch.prod(q ** t * (1 - q) ** (1 - t))
    return -torch.log(likelihood) / p.numel()
