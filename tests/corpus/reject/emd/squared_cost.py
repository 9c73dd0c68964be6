import torch


def quantiles(values, weights, name):
    if values.dim() != 1:
        raise ValueError(name)
    weights = torch.ones_like(values) if weights is None else weights
    if weights.shape != values.shape:
        raise ValueError(name + " weights")
    x, order = values.sort()
    return x, (weights[order] / weights.sum()).cumsum(0)


def emd(u_values, v_values, u_weights=None, v_weights=None):
    u, a = quantiles(u_values, u_weights, "u")
    v, b = quantiles(v_values, v_weights, "v")
    t = torch.cat([a, b]).sort().values
    dt = torch.diff(t, prepend=t.new_zeros(1))
    x = u[torch.searchsorted(a, t).clamp(max=len(u) - 1)]
    y = v[torch.searchsorted(b, t).clamp(max=len(v) - 1)]
    return (dt * (x - y) ** 2).sum()
