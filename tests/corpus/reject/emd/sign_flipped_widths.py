import torch


def cdf(sorted_values, cumulative, x):
    index = torch.searchsorted(sorted_values, x, right=True)
    return cumulative[index]


def emd(u_values, v_values, u_weights=None, v_weights=None):
    pieces = []
    for values, weights in ((u_values, u_weights), (v_values, v_weights)):
        if values.dim() != 1:
            raise ValueError("1-D")
        weights = torch.ones_like(values) if weights is None else weights
        if weights.shape != values.shape:
            raise ValueError("weights")
        order = values.argsort()
        total = (weights[order] / weights.sum()).cumsum(0)
        pieces.append((values[order].detach(), torch.cat([total.new_zeros(1), total])))
    grid = torch.cat([u_values, v_values]).sort().values
    at = grid[:-1].detach().contiguous()
    difference = cdf(*pieces[0], at) - cdf(*pieces[1], at)
    return (difference.abs() * (grid[:-1] - grid[1:])).sum()
