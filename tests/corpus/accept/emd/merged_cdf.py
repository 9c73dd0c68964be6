"""W1 in one dimension: the area between the two cumulative distribution functions."""
import torch


def _weights(values, weights, name):
    if values.dim() != 1:
        raise ValueError(f"{name}_values must be 1-D, got {tuple(values.shape)}")
    if weights is None:
        return torch.full_like(values, 1 / values.numel())
    if weights.shape != values.shape:
        raise ValueError(f"{name}_weights must have the shape of {name}_values")
    return weights / weights.sum()


def _cdf(values, weights, grid):
    order = torch.argsort(values)
    cumulative = torch.cat([weights.new_zeros(1), weights[order].cumsum(0)])
    return cumulative[torch.searchsorted(values[order].detach().contiguous(), grid, right=True)]


def emd(u_values, v_values, u_weights=None, v_weights=None):
    u_w = _weights(u_values, u_weights, "u")
    v_w = _weights(v_values, v_weights, "v")
    everything, _ = torch.sort(torch.cat([u_values, v_values]))
    widths = everything[1:] - everything[:-1]
    grid = everything[:-1].detach().contiguous()
    gap = _cdf(u_values, u_w, grid) - _cdf(v_values, v_w, grid)
    return (gap.abs() * widths).sum()
