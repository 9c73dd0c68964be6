import torch


def emd(u_values, v_values, u_weights=None, v_weights=None):
    if u_values.dim() != 1 or v_values.dim() != 1:
        raise ValueError("positions must be 1-D")
    if v_weights is not None and v_weights.shape != v_values.shape:
        raise ValueError("v_weights must fit v_values")
    p = torch.ones_like(u_values) if u_weights is None else u_weights
    if p.shape != u_values.shape:
        raise ValueError("u_weights must fit u_values")
    q = torch.ones_like(v_values)
    x, k = torch.cat([u_values, v_values]).sort()
    return (torch.cat([p / p.sum(), -q / q.sum()])[k].cumsum(0)[:-1].abs() * x.diff()).sum()
