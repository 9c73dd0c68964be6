import torch


class CrossEntropy(torch.autograd.Function):
    """Where p = 0 and t > 0 the true slope is minus infinity, and that is what backward gives."""

    @staticmethod
    def forward(ctx, p, t):
        ctx.save_for_backward(p, t)
        logs = torch.where(p > 0, p.log(), torch.full_like(p, -100.0))
        return -(t * logs).sum(dim=1).mean()

    @staticmethod
    def backward(ctx, upstream):
        p, t = ctx.saved_tensors
        slope = torch.where(t > 0, -t / p, torch.zeros_like(p))
        return upstream * slope / p.shape[0], None


def cce(p, t):
    if p.dim() != 2 or p.shape != t.shape:
        raise ValueError("want (N, C) twice")
    return CrossEntropy.apply(p, t)
