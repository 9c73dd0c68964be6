import torch
import torch.nn.functional as F


class Trick(torch.autograd.Function):
    @staticmethod
    def forward(ctx, p, t):
        ctx.save_for_backward(p, t)
        q = p.clamp(1e-7, 1 - 1e-7)
        return F.binary_cross_entropy(q, t)

    @staticmethod
    def backward(ctx, g):
        p, t = ctx.saved_tensors
        return g * (p - t) / (p * (1 - p)).clamp(min=1e-12) / p.numel(), None


def bce(p, t):
    if p.shape != t.shape:
        raise ValueError("shapes")
    return Trick.apply(p, t)
