import torch


def bce(p, t):
    if p.shape != t.shape:
        raise ValueError("shapes")
    tiny = torch.finfo(p.dtype).tiny
    return -(t * p.clamp(min=tiny).log() + (1 - t) * (1 - p).clamp(min=tiny).log()).mean()
