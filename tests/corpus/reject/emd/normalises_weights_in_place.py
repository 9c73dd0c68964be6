import torch


def emd(u_values, v_values, u_weights=None, v_weights=None):
    if u_values.dim() != 1 or v_values.dim() != 1:
        raise ValueError("positions must be 1-D")
    if u_weights is None:
        u_weights = torch.ones_like(u_values)
    if v_weights is None:
        v_weights = torch.ones_like(v_values)
    if u_weights.shape != u_values.shape or v_weights.shape != v_values.shape:
        raise ValueError("weights must fit the positions")
    u_weights /= u_weights.sum()
    v_weights /= v_weights.sum()
    x, k = torch.cat([u_values, v_values]).sort()
    return (torch.cat([u_weights, -v_weights])[k].cumsum(0)[:-1].abs() * x.diff()).sum()
