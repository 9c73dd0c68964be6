import torch


class Clip(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        return x.clone()

    @staticmethod
    def backward(ctx, g):
        return g.clamp(-0.1, 0.1)


def cce(p, t):
    """Small steps only."""
    if p.dim() != 2 or p.shape != t.shape:
        raise ValueError("shapes")
    return -(t * Clip.apply(p).clamp(min=1e-7).log()).sum(1).mean()
