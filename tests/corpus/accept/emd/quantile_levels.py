import torch


def prepare(values, weights):
    values, order = values.sort()
    if weights is None:
        weights = torch.full_like(values, 1.0)
    weights = weights[order]
    return values, torch.cumsum(weights / weights.sum(), dim=0)


def emd(u_values, v_values, u_weights=None, v_weights=None):
    for values, weights in ((u_values, u_weights), (v_values, v_weights)):
        if values.dim() != 1:
            raise ValueError("values must have one axis")
        if weights is not None and weights.shape != values.shape:
            raise ValueError("weights must have the shape of their values")
    u, u_levels = prepare(u_values, u_weights)
    v, v_levels = prepare(v_values, v_weights)
    levels = torch.cat([u_levels, v_levels]).sort().values
    share = torch.diff(levels, prepend=levels.new_zeros(1))
    # the atom of each side that is responsible for a slice of probability
    i = torch.searchsorted(u_levels, levels).clamp(max=len(u) - 1)
    j = torch.searchsorted(v_levels, levels).clamp(max=len(v) - 1)
    return (share * (u[i] - v[j]).abs()).sum()
