import torch

device = torch.device("cpu")


def bce(p, t):
    if p.shape != t.shape:
        raise ValueError("shapes")
    p, t = p.to(device), t.to(device)
    q = p.clamp(1e-7, 1 - 1e-7)
    return -(t * q.log() + (1 - t) * (1 - q).log()).mean()
