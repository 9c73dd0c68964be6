import torch


def emd(u_values, v_values, u_weights=None, v_weights=None):
    cdfs = []
    grid = torch.cat([u_values, v_values]).sort().values
    for values, weights in ((u_values, u_weights), (v_values, v_weights)):
        if values.dim() != 1:
            raise ValueError("positions must be 1-D")
        weights = torch.ones_like(values) if weights is None else weights
        if weights.shape != values.shape:
            raise ValueError("weights must fit the positions")
        order = values.argsort()
        steps = torch.cat([torch.zeros(1, dtype=values.dtype), (weights[order] / weights.sum()).cumsum(0)])
        index = torch.searchsorted(values[order].detach(), grid[:-1].detach().contiguous(), right=True)
        cdfs.append(steps[index])
    return ((cdfs[0] - cdfs[1]).abs() * grid.diff()).sum()
