import torch


class Gap(torch.autograd.Function):
    """|x - y|"""

    @staticmethod
    def forward(ctx, x, y):
        ctx.save_for_backward(torch.sign(x - y))
        return (x - y).abs()

    @staticmethod
    def backward(ctx, g):
        (sign,) = ctx.saved_tensors
        return g * sign, g * sign


def emd(u_values, v_values, u_weights=None, v_weights=None):
    if u_values.dim() != 1 or v_values.dim() != 1:
        raise ValueError("positions must be 1-D")
    p = torch.ones_like(u_values) if u_weights is None else u_weights
    q = torch.ones_like(v_values) if v_weights is None else v_weights
    if p.shape != u_values.shape or q.shape != v_values.shape:
        raise ValueError("weights must fit the positions")
    u, i = u_values.sort()
    v, j = v_values.sort()
    a, b = (p[i] / p.sum()).cumsum(0), (q[j] / q.sum()).cumsum(0)
    t = torch.cat([a, b]).sort().values
    dt = torch.diff(t, prepend=t.new_zeros(1))
    x = u[torch.searchsorted(a, t).clamp(max=len(u) - 1)]
    y = v[torch.searchsorted(b, t).clamp(max=len(v) - 1)]
    return (Gap.apply(x, y) * dt).sum()
