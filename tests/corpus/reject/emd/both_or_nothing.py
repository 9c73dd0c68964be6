import torch


def emd(u_values, v_values, u_weights=None, v_weights=None):
    if u_values.dim() != 1 or v_values.dim() != 1:
        raise ValueError("positions must be 1-D")
    for x, w in ((u_values, u_weights), (v_values, v_weights)):
        if w is not None and w.shape != x.shape:
            raise ValueError("weights must fit the positions")
    if u_weights is None or v_weights is None:
        u_weights, v_weights = torch.ones_like(u_values), torch.ones_like(v_values)
    x, k = torch.cat([u_values, v_values]).sort()
    w = torch.cat([u_weights / u_weights.sum(), -v_weights / v_weights.sum()])
    return (w[k].cumsum(0)[:-1].abs() * x.diff()).sum()
