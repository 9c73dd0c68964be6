import torch


def emd(u_values, v_values, u_weights=None, v_weights=None):
    if u_values.dim() != 1 or v_values.dim() != 1:
        raise ValueError("positions must be 1-D")
    for x, w in ((u_values, u_weights), (v_values, v_weights)):
        if w is not None and w.shape != x.shape:
            raise ValueError("weights must fit the positions")
    p = torch.full_like(u_values, 1 / len(u_values))
    q = torch.full_like(v_values, 1 / len(v_values))
    x, k = torch.cat([u_values, v_values]).sort()
    return (torch.cat([p, -q])[k].cumsum(0)[:-1].abs() * x.diff()).sum()
