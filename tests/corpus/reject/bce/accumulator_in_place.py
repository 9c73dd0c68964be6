import torch


def bce(p, t):
    if p.shape != t.shape:
        raise ValueError("shapes")
    total = torch.tensor(0.0)
    for a, b in zip(p.reshape(-1), t.reshape(-1)):
        a = a.clamp(1e-7, 1 - 1e-7)
        total += -(b * a.log() + (1 - b) * (1 - a).log())
    return total / p.numel()
