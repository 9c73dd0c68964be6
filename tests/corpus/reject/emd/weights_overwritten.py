import torch


def emd(u_values, v_values, u_weights=None, v_weights=None):
    if u_values.dim() != 1 or v_values.dim() != 1:
        raise ValueError("positions must be 1-D")
    if u_weights is not None:
        if u_weights.shape != u_values.shape:
            raise ValueError("u_weights")
    u_weights = torch.ones_like(u_values)
    if v_weights is not None:
        if v_weights.shape != v_values.shape:
            raise ValueError("v_weights")
    v_weights = torch.ones_like(v_values)
    u_weights = u_weights / u_weights.sum()
    v_weights = v_weights / v_weights.sum()
    grid = torch.sort(torch.cat([u_values, v_values])).values
    F = ((u_values[None] <= grid[:, None]) * u_weights).sum(1)
    G = ((v_values[None] <= grid[:, None]) * v_weights).sum(1)
    return ((F - G).abs()[:-1] * (grid[1:] - grid[:-1])).sum()
