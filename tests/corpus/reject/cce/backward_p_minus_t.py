import torch


class SoftmaxGradient(torch.autograd.Function):
    @staticmethod
    def forward(ctx, p, t):
        ctx.save_for_backward(p, t)
        return -(t * p.clamp(min=1e-7).log()).sum() / p.shape[0]

    @staticmethod
    def backward(ctx, g):
        p, t = ctx.saved_tensors
        return g * (p - t) / p.shape[0], None  # the famous one


def cce(p, t):
    if p.dim() != 2 or p.shape != t.shape:
        raise ValueError("shapes")
    return SoftmaxGradient.apply(p, t)
