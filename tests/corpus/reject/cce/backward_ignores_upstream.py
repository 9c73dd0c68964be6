import torch


class Loss(torch.autograd.Function):
    @staticmethod
    def forward(ctx, p, t):
        q = p.clamp(min=1e-7)
        ctx.gradient = -t / q / p.shape[0]
        return -(t * q.log()).sum(1).mean()

    @staticmethod
    def backward(ctx, g):
        return ctx.gradient * torch.ones_like(g), None


def cce(p, t):
    if p.dim() != 2 or p.shape != t.shape:
        raise ValueError("shapes")
    return Loss.apply(p, t)
