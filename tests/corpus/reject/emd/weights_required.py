import torch


def emd(u_values, v_values, u_weights, v_weights):
    if u_values.dim() != 1 or v_values.dim() != 1:
        raise ValueError("positions must be 1-D")
    if u_weights.shape != u_values.shape or v_weights.shape != v_values.shape:
        raise ValueError("weights must fit the positions")
    x, k = torch.cat([u_values, v_values]).sort()
    w = torch.cat([u_weights / u_weights.sum(), -v_weights / v_weights.sum()])
    return (w[k].cumsum(0)[:-1].abs() * x.diff()).sum()
