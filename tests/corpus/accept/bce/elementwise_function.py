import torch


class XLogY(torch.autograd.Function):
    """t log p with 0 log 0 = 0, and a gradient that is zero where t is."""

    @staticmethod
    def forward(ctx, t, p):
        ctx.save_for_backward(t, p)
        return torch.where(t == 0, torch.zeros_like(p), t * torch.log(p).clamp(min=-100.0))

    @staticmethod
    def backward(ctx, g):
        t, p = ctx.saved_tensors
        dp = torch.where(t == 0, torch.zeros_like(p), t / p.clamp(min=1e-12))
        return None, g * dp


t_log_p = XLogY.apply


def bce(prob, label):
    if prob.shape != label.shape:
        raise TypeError("prob and label differ in shape")
    return (t_log_p(label, prob) + t_log_p(1 - label, 1 - prob)).mean().neg()
