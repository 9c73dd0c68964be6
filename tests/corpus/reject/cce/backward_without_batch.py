import torch


class Loss(torch.autograd.Function):
    @staticmethod
    def forward(ctx, p, t):
        q = p.clamp(min=1e-7)
        ctx.save_for_backward(q, t)
        return -(t * q.log()).sum(1).mean()

    @staticmethod
    def backward(ctx, g):
        q, t = ctx.saved_tensors
        return -g * t / q, None


def cce(p, t):
    if p.dim() != 2 or p.shape != t.shape:
        raise ValueError("shapes")
    return Loss.apply(p, t)
