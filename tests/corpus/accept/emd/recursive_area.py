import torch


def area(flow, x, lo, hi):
    """Area between the two step functions from x[lo] to x[hi]."""
    if hi - lo == 1:
        return flow[lo].abs() * (x[hi] - x[lo])
    mid = (lo + hi) // 2
    return area(flow, x, lo, mid) + area(flow, x, mid, hi)


def emd(u_values, v_values, u_weights=None, v_weights=None):
    if u_values.dim() != 1 or v_values.dim() != 1:
        raise ValueError("one axis, please")
    if u_weights is not None and u_weights.shape != u_values.shape:
        raise ValueError("u_weights has another shape")
    if v_weights is not None and v_weights.shape != v_values.shape:
        raise ValueError("v_weights has another shape")
    p = torch.ones_like(u_values) if u_weights is None else u_weights
    q = torch.ones_like(v_values) if v_weights is None else v_weights
    x, order = torch.sort(torch.cat([u_values, v_values]))
    flow = torch.cat([p / p.sum(), -q / q.sum()])[order].cumsum(0)
    return area(flow.unbind(), x.unbind(), 0, len(x) - 1)
