import torch


class _BCE(torch.autograd.Function):
    @staticmethod
    def forward(ctx, p, t):
        p = p.clamp(1e-7, 1 - 1e-7)
        ctx.save_for_backward(p, t)
        return -(t * p.log() + (1 - t) * (1 - p).log()).mean()

    @staticmethod
    def backward(ctx, grad_output):
        p, t = ctx.saved_tensors
        return grad_output * ((1 - t) / (1 - p) - t / p), None


def bce(p, t):
    if p.shape != t.shape:
        raise ValueError("shapes")
    return _BCE.apply(p, t)
