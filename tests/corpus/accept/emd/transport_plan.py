import torch


def _sorted(values, weights):
    order = values.argsort()
    levels = (weights[order] / weights.sum()).cumsum(0)
    start = torch.cat([levels.new_zeros(1), levels[:-1]])
    return values[order], start, levels


def emd(u_values, v_values, u_weights=None, v_weights=None):
    """E|x - y| under the coupling that keeps the order; it is optimal for a convex cost on the line."""
    if u_values.dim() != 1 or v_values.dim() != 1:
        raise ValueError("positions (n,) and (m,)")
    u_weights = torch.ones_like(u_values) if u_weights is None else u_weights
    v_weights = torch.ones_like(v_values) if v_weights is None else v_weights
    if u_weights.shape != u_values.shape or v_weights.shape != v_values.shape:
        raise ValueError("weights (n,) and (m,)")
    x, x_start, x_end = _sorted(u_values, u_weights)
    y, y_start, y_end = _sorted(v_values, v_weights)
    # how long the two intervals of probability overlap
    plan = torch.minimum(x_end[:, None], y_end[None, :]) - torch.maximum(x_start[:, None], y_start[None, :])
    plan = plan.clamp(min=0)
    cost = (x[:, None] - y[None, :]).abs()
    return torch.einsum("ij,ij->", plan, cost)
