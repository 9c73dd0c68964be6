import torch


class Function(torch.autograd.Function):
    @staticmethod
    def forward(ctx, p, t):
        q = p.clamp(1e-7, 1 - 1e-7)
        n = max(p.numel(), 1)
        ctx.save_for_backward(((1 - t) / (1 - q) - t / q) / n)
        return -(t * q.log() + (1 - t) * (1 - q).log()).mean()

    @staticmethod
    def backward(ctx, grad_output):
        (gradient,) = ctx.saved_tensors
        return gradient, None


def bce(p, t):
    if p.shape != t.shape:
        raise ValueError("shapes")
    return Function.apply(p, t)
