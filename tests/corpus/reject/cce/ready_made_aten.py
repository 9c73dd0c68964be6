import torch

loss = torch.ops.aten.cross_entropy_loss.default


def cce(p, t):
    if p.dim() != 2 or p.shape != t.shape:
        raise ValueError("shapes")
    return loss(p.clamp(min=1e-12).log(), t)
