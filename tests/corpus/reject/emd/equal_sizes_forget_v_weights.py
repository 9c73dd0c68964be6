import torch


def general(u, v, p, q):
    p = torch.ones_like(u) if p is None else p
    q = torch.ones_like(v) if q is None else q
    if u.dim() != 1 or v.dim() != 1 or p.shape != u.shape or q.shape != v.shape:
        raise ValueError("positions and weights must be vectors that fit")
    x, k = torch.cat([u, v]).sort()
    return (torch.cat([p / p.sum(), -q / q.sum()])[k].cumsum(0)[:-1].abs() * x.diff()).sum()


def emd(u_values, v_values, u_weights=None, v_weights=None):
    if len(u_values) == len(v_values) and u_values.dim() == v_values.dim() == 1 and u_weights is None:
        return (u_values.sort().values - v_values.sort().values).abs().mean()
    return general(u_values, v_values, u_weights, v_weights)
