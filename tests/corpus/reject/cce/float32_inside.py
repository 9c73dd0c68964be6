import torch


def cce(p, t):
    if p.dim() != 2 or p.shape != t.shape:
        raise ValueError("shapes")
    p32 = p.to(torch.float32).clamp(min=1e-7)
    t32 = t.to(torch.float32)
    return -(t32 * p32.log()).sum(1).mean().type_as(p)
