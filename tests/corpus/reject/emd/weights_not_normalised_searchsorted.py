import torch


def _cdf(values, weights, grid):
    sorter = torch.argsort(values)
    index = torch.searchsorted(values[sorter], grid, right=True)
    if weights is None:
        return index.to(values.dtype) / len(values)
    cumulative = torch.cat([weights.new_zeros(1), torch.cumsum(weights[sorter], 0)])
    return cumulative[index]


def emd(u_values, v_values, u_weights=None, v_weights=None):
    if u_values.dim() != 1 or v_values.dim() != 1:
        raise ValueError("positions must be 1-D")
    for x, w in ((u_values, u_weights), (v_values, v_weights)):
        if w is not None and w.shape != x.shape:
            raise ValueError("weights must fit the positions")
    grid = torch.sort(torch.cat([u_values, v_values])).values
    deltas = torch.diff(grid)
    left = grid[:-1].detach().contiguous()
    u_cdf = _cdf(u_values.detach(), u_weights, left)
    v_cdf = _cdf(v_values.detach(), v_weights, left)
    return torch.sum(torch.abs(u_cdf - v_cdf) * deltas)
