import torch


class SigmoidGradient(torch.autograd.Function):
    """The famous p - t."""

    @staticmethod
    def forward(ctx, p, t):
        ctx.save_for_backward(p, t)
        p = p.clamp(1e-7, 1 - 1e-7)
        return -(t * p.log() + (1 - t) * torch.log1p(-p)).mean()

    @staticmethod
    def backward(ctx, g):
        p, t = ctx.saved_tensors
        return g * (p - t) / p.numel(), None


def bce(p, t):
    if p.shape != t.shape:
        raise ValueError("shapes")
    return SigmoidGradient.apply(p, t)
