import torch


def bce(p, t):
    if p.shape != t.shape:
        raise ValueError("shapes")
    noise = torch.rand_like(p) * 1e-3
    q = (p + noise - 5e-4).clamp(1e-7, 1 - 1e-7)
    return -(t * q.log() + (1 - t) * (1 - q).log()).mean()
