import torch


def general(u, v, p, q):
    p = torch.ones_like(u) if p is None else p
    q = torch.ones_like(v) if q is None else q
    if u.dim() != 1 or v.dim() != 1 or p.shape != u.shape or q.shape != v.shape:
        raise ValueError("positions and weights must be vectors that fit")
    x, k = torch.cat([u, v]).sort()
    return (torch.cat([p / p.sum(), -q / q.sum()])[k].cumsum(0)[:-1].abs() * x.diff()).sum()


def emd(u_values, v_values, u_weights=None, v_weights=None):
    n, m = len(u_values), len(v_values)
    if u_weights is None and v_weights is None and n * m < 100_000:
        left = u_values.sort().values.repeat_interleave(m)
        return (left - v_values.sort().values.repeat_interleave(n)).abs().sum()
    return general(u_values, v_values, u_weights, v_weights)
