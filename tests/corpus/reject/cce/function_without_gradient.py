import torch


class Loss(torch.autograd.Function):
    @staticmethod
    def forward(ctx, p, t):
        return -(t * p.clamp(min=1e-7).log()).sum() / p.shape[0]

    @staticmethod
    def backward(ctx, g):
        return None, None


def cce(p, t):
    if p.dim() != 2 or p.shape != t.shape:
        raise ValueError("shapes")
    return Loss.apply(p, t)
