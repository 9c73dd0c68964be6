import torch


def emd(u_values, v_values, u_weights=None, v_weights=None):
    if u_values.dim() != 1 or v_values.dim() != 1:
        raise ValueError("positions must be 1-D")
    dtype = u_values.dtype
    u, v = u_values.float(), v_values.float()
    p = torch.ones_like(u) if u_weights is None else u_weights.float()
    q = torch.ones_like(v) if v_weights is None else v_weights.float()
    if p.shape != u.shape or q.shape != v.shape:
        raise ValueError("weights must fit the positions")
    x, k = torch.cat([u, v]).sort()
    w = (torch.cat([p / p.sum(), -q / q.sum()])[k].cumsum(0)[:-1].abs() * x.diff()).sum()
    return w.to(dtype)
