import math

import torch


def _levels(values, weights):
    order = values.argsort()
    return values[order], (weights[order] / weights.sum()).cumsum(0)


def emd(u_values, v_values, u_weights=None, v_weights=None):
    if u_values.dim() != 1 or v_values.dim() != 1:
        raise ValueError("u_values and v_values must be 1-D tensors")
    n, m = u_values.shape[0], v_values.shape[0]
    for w, size in ((u_weights, n), (v_weights, m)):
        if w is not None and tuple(w.shape) != (size,):
            raise ValueError("weights must be 1-D, one for each value")
    common = math.lcm(n, m)
    if u_weights is None and v_weights is None and common <= 100_000:
        u = u_values.sort().values.repeat_interleave(common // n)
        v = v_values.sort().values.repeat_interleave(common // m)
        return (u - v).abs().mean()
    u, a = _levels(u_values, torch.ones_like(u_values) if u_weights is None else u_weights)
    v, b = _levels(v_values, torch.ones_like(v_values) if v_weights is None else v_weights)
    t = torch.cat([a, b]).sort().values
    dt = torch.diff(t, prepend=torch.zeros(1, dtype=t.dtype, device=t.device))
    i = torch.searchsorted(a, t).clamp_max(n - 1)
    j = torch.searchsorted(b, t).clamp_max(m - 1)
    return torch.sum((u[i] - v[j]).abs() * dt)
