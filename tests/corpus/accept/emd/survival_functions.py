import torch


def emd(u_values, v_values, u_weights=None, v_weights=None):
    """∫ |P(U > x) - P(V > x)| dx"""
    assert u_values.dim() == 1, "u_values must be 1-D"
    assert v_values.dim() == 1, "v_values must be 1-D"
    if u_weights is None:
        u_weights = torch.ones_like(u_values)
    if v_weights is None:
        v_weights = torch.ones_like(v_values)
    assert u_weights.shape == u_values.shape, "u_weights must fit"
    assert v_weights.shape == v_values.shape, "v_weights must fit"
    x, order = torch.cat([u_values, v_values]).sort(descending=True)
    above = torch.cat([u_weights / u_weights.sum(), -v_weights / v_weights.sum()])[order].cumsum(0)
    drops = x[:-1] - x[1:]
    return (above[:-1].abs() * drops).sum()
