import torch
from torch.func import vmap


def cdf_at(x, positions, masses):
    return torch.where(positions <= x, masses, torch.zeros_like(masses)).sum()


def emd(u_values, v_values, u_weights=None, v_weights=None):
    if u_values.dim() != 1 or v_values.dim() != 1:
        raise ValueError("(n,) and (m,)")
    if u_weights is None:
        u_weights = torch.ones_like(u_values)
    if v_weights is None:
        v_weights = torch.ones_like(v_values)
    if u_values.shape != u_weights.shape or v_values.shape != v_weights.shape:
        raise ValueError("weights")
    u_weights = u_weights / u_weights.sum()
    v_weights = v_weights / v_weights.sum()
    grid = torch.sort(torch.cat([u_values, v_values])).values
    over_grid = vmap(cdf_at, in_dims=(0, None, None))
    left = grid[:-1]
    gap = over_grid(left, u_values, u_weights) - over_grid(left, v_values, v_weights)
    return torch.sum(gap.abs() * torch.diff(grid))
