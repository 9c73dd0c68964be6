import torch


def levels(values, weights):
    if values.dim() != 1:
        raise ValueError("1-D positions")
    weights = torch.ones_like(values) if weights is None else weights
    if weights.shape != values.shape:
        raise ValueError("one weight a position")
    return (weights / weights.sum()).cumsum(0)


def emd(u_values, v_values, u_weights=None, v_weights=None):
    a, b = levels(u_values, u_weights), levels(v_values, v_weights)
    t = torch.cat([a, b]).sort().values
    dt = torch.diff(t, prepend=t.new_zeros(1))
    i = torch.searchsorted(a, t).clamp(max=len(a) - 1)
    j = torch.searchsorted(b, t).clamp(max=len(b) - 1)
    return ((u_values[i] - v_values[j]).abs() * dt).sum()
