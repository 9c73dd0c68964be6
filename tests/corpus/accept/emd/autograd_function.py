import torch


class Wasserstein1(torch.autograd.Function):
    @staticmethod
    def forward(ctx, u, v, p, q):
        x, order = torch.cat([u, v]).sort()
        flow = torch.cat([p, -q])[order].cumsum(0)[:-1].abs()
        ctx.save_for_backward(flow, order)
        ctx.n = u.numel()
        return (flow * (x[1:] - x[:-1])).sum()

    @staticmethod
    def backward(ctx, upstream):
        flow, order = ctx.saved_tensors
        # sum_k flow_k (x_{k+1} - x_k): x_k appears with +flow_{k-1} and -flow_k
        zero = flow.new_zeros(1)
        d_sorted = torch.cat([zero, flow]) - torch.cat([flow, zero])
        d = torch.empty_like(d_sorted)
        d[order] = d_sorted * upstream
        return d[: ctx.n], d[ctx.n :], None, None


def emd(u_values, v_values, u_weights=None, v_weights=None):
    if u_values.dim() != 1 or v_values.dim() != 1:
        raise ValueError("positions must be vectors")
    if u_weights is not None and u_weights.shape != u_values.shape:
        raise ValueError("u_weights does not fit")
    if v_weights is not None and v_weights.shape != v_values.shape:
        raise ValueError("v_weights does not fit")
    p = torch.ones_like(u_values) if u_weights is None else u_weights
    q = torch.ones_like(v_values) if v_weights is None else v_weights
    return Wasserstein1.apply(u_values, v_values, (p / p.sum()).detach(), (q / q.sum()).detach())
