import torch


def bce(p, t):
    if p.shape != t.shape:
        raise ValueError("shapes")
    y = torch.tensor(t.tolist(), dtype=p.dtype)
    q = p.clamp(1e-7, 1 - 1e-7)
    return -(y * q.log() + (1 - y) * (1 - q).log()).mean()
