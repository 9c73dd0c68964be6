import torch


def clean(values, weights):
    if values.dim() != 1:
        raise ValueError("values")
    if weights is None:
        weights = torch.ones_like(values)
    if weights.shape != values.shape:
        raise ValueError("weights")
    keep = weights > 0
    values, weights = values[keep], weights[keep]
    return values, weights / weights.sum()


def emd(u_values, v_values, u_weights=None, v_weights=None):
    u, p = clean(u_values, u_weights)
    v, q = clean(v_values, v_weights)
    x, k = torch.cat([u, v]).sort()
    return (torch.cat([p, -q])[k].cumsum(0)[:-1].abs() * torch.diff(x)).sum()
