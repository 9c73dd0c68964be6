import torch


def cce(p, t):
    if p.dim() != 2 or p.shape != t.shape:
        raise ValueError("(N, C) twice")
    terms = [w * torch.log(q.clamp(min=1e-12)) for q, w in zip(p.unbind(dim=1), t.unbind(dim=1))]
    return -torch.stack(terms).sum(dim=0).mean()
