import torch

_SIGNS = {}


def signs(n, m, like):
    key = (n, m, like.dtype, like.device)
    if key not in _SIGNS:
        _SIGNS[key] = torch.cat([torch.ones(n, dtype=like.dtype, device=like.device),
                                 -torch.ones(m, dtype=like.dtype, device=like.device)])
    return _SIGNS[key]


def magnitude(x):
    return torch.where(x >= 0, x, -x)


def emd(u_values, v_values, u_weights=None, v_weights=None):
    if u_values.dim() != 1 or v_values.dim() != 1:
        raise ValueError("expected vectors")
    u_weights = torch.ones_like(u_values) if u_weights is None else u_weights
    v_weights = torch.ones_like(v_values) if v_weights is None else v_weights
    if u_weights.shape != u_values.shape or v_weights.shape != v_values.shape:
        raise ValueError("expected one weight a value")
    n, m = u_values.numel(), v_values.numel()
    weights = torch.cat([u_weights / u_weights.sum(), v_weights / v_weights.sum()]) * signs(n, m, u_values)
    x, order = torch.cat([u_values, v_values]).sort()
    return (magnitude(weights[order].cumsum(0)[:-1]) * (x[1:] - x[:-1])).sum()
