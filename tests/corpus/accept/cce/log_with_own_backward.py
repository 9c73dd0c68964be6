import torch


class SafeLog(torch.autograd.Function):
    """log, with log 0 = -50 and a slope of zero there."""

    @staticmethod
    def forward(x):
        return torch.where(x > 0, x.log(), torch.full_like(x, -50.0)).clamp(min=-50.0)

    @staticmethod
    def setup_context(ctx, inputs, output):
        ctx.save_for_backward(inputs[0])

    @staticmethod
    def backward(ctx, g):
        (x,) = ctx.saved_tensors
        return torch.where(x > 0, g / x.clamp(min=1e-22), torch.zeros_like(x))


def cce(p, t):
    if not (p.dim() == t.dim() == 2 and p.shape == t.shape):
        raise ValueError("two equal matrices")
    return torch.einsum("nc,nc->n", t, SafeLog.apply(p)).mean().neg()
