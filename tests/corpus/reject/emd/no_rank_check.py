import torch


def emd(u_values, v_values, u_weights=None, v_weights=None):
    u, v = u_values.reshape(-1), v_values.reshape(-1)
    p = torch.ones_like(u) if u_weights is None else u_weights.reshape(-1).expand(len(u))
    q = torch.ones_like(v) if v_weights is None else v_weights.reshape(-1).expand(len(v))
    x, k = torch.cat([u, v]).sort()
    return (torch.cat([p / p.sum(), -q / q.sum()])[k].cumsum(0)[:-1].abs() * x.diff()).sum()
