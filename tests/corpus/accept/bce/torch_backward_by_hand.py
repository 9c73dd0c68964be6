import torch


class BCEFunction(torch.autograd.Function):
    """Forward clamps log at -100; backward is (p - t) / max(p (1 - p), 1e-12), both as PyTorch does it."""

    @staticmethod
    def forward(ctx, p, t):
        ctx.save_for_backward(p, t)
        log_p = p.log().clamp(min=-100)
        log_q = (-p).log1p().clamp(min=-100)
        return -(t * log_p + (1 - t) * log_q).mean()

    @staticmethod
    def backward(ctx, grad_output):
        p, t = ctx.saved_tensors
        slope = (p - t) / (p * (1 - p)).clamp(min=1e-12)
        return grad_output * slope / p.numel(), None


def bce(p, t):
    if p.shape != t.shape:
        raise ValueError("p and t must have equal shapes")
    return BCEFunction.apply(p, t)
