import torch

seen = []


def bce(p, t):
    if p.shape != t.shape:
        raise ValueError("shapes")
    if p.requires_grad:
        p.register_hook(lambda g: seen.append(g.norm()))
    q = p.clamp(1e-7, 1 - 1e-7)
    return -(t * q.log() + (1 - t) * (1 - q).log()).mean()
