import functools

import torch


def wasserstein_p_cost(p, u, v, a=None, b=None):
    """∫|F_u^-1 - F_v^-1|^p, without the p-th root."""
    if u.dim() != 1 or v.dim() != 1:
        raise ValueError("u and v are vectors")
    if (a is not None and a.shape != u.shape) or (b is not None and b.shape != v.shape):
        raise ValueError("weights and positions differ in shape")
    a = torch.ones_like(u) if a is None else a
    b = torch.ones_like(v) if b is None else b
    iu, iv = u.argsort(), v.argsort()
    A, B = (a[iu] / a.sum()).cumsum(0), (b[iv] / b.sum()).cumsum(0)
    t = torch.cat([A, B]).sort().values
    mid = t.clone()
    dt = t - torch.cat([t.new_zeros(1), t[:-1]])
    x = u[iu][torch.searchsorted(A, mid).clamp(0, u.numel() - 1)]
    y = v[iv][torch.searchsorted(B, mid).clamp(0, v.numel() - 1)]
    distance = (x - y).abs()
    return torch.sum(dt * (distance if p == 1 else distance**p))


emd = functools.partial(wasserstein_p_cost, 1)
