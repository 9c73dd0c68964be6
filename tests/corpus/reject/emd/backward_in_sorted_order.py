import torch


class W1(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, mass):
        x, order = x.sort()
        flow = mass[order].cumsum(0)[:-1].abs()
        ctx.save_for_backward(flow)
        return (flow * x.diff()).sum()

    @staticmethod
    def backward(ctx, grad_output):
        (flow,) = ctx.saved_tensors
        zero = flow.new_zeros(1)
        return grad_output * (torch.cat([zero, flow]) - torch.cat([flow, zero])), None


def emd(u_values, v_values, u_weights=None, v_weights=None):
    if u_values.dim() != 1 or v_values.dim() != 1:
        raise ValueError("positions must be 1-D")
    p = torch.ones_like(u_values) if u_weights is None else u_weights
    q = torch.ones_like(v_values) if v_weights is None else v_weights
    if p.shape != u_values.shape or q.shape != v_values.shape:
        raise ValueError("weights must fit the positions")
    return W1.apply(torch.cat([u_values, v_values]), torch.cat([p / p.sum(), -q / q.sum()]))
