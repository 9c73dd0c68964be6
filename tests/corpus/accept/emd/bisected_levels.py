from bisect import bisect_left
from itertools import accumulate

import torch


def emd(u_values, v_values, u_weights=None, v_weights=None):
    if u_values.dim() != 1 or v_values.dim() != 1:
        raise ValueError("u_values (n,), v_values (m,)")
    p = torch.ones_like(u_values) if u_weights is None else u_weights
    q = torch.ones_like(v_values) if v_weights is None else v_weights
    if p.shape != u_values.shape or q.shape != v_values.shape:
        raise ValueError("u_weights (n,), v_weights (m,)")
    u, i = u_values.sort()
    v, j = v_values.sort()
    a = list(accumulate((p[i] / p.sum()).tolist()))
    b = list(accumulate((q[j] / q.sum()).tolist()))
    t = sorted(a + b)
    slices = [right - left for left, right in zip([0.0] + t, t)]
    at_u = [min(bisect_left(a, x), len(a) - 1) for x in t]
    at_v = [min(bisect_left(b, x), len(b) - 1) for x in t]
    share = torch.tensor(slices, dtype=u.dtype, device=u.device)
    return (share * (u[at_u] - v[at_v]).abs()).sum()
