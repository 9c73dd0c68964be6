import torch


def emd(u_values, v_values, u_weights=None, v_weights=None):
    if u_values.ndim != 1 or v_values.ndim != 1:
        raise ValueError("positions must be one-dimensional")
    if u_weights is None:
        u_weights = torch.ones_like(u_values)
    if v_weights is None:
        v_weights = torch.ones_like(v_values)
    if u_weights.shape != u_values.shape or v_weights.shape != v_values.shape:
        raise ValueError("one weight for each position")
    mass = torch.cat((u_weights / u_weights.sum(), -v_weights / v_weights.sum()))
    x, order = torch.cat((u_values, v_values)).sort()
    flow = mass[order].cumsum(0)
    return torch.dot(flow[:-1].abs(), x.diff())
