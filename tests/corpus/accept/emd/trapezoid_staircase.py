import torch


def emd(u_values, v_values, u_weights=None, v_weights=None):
    if u_values.dim() != 1 or v_values.dim() != 1:
        raise ValueError("positions: 1-D")
    u_weights = torch.ones_like(u_values) if u_weights is None else u_weights
    v_weights = torch.ones_like(v_values) if v_weights is None else v_weights
    if u_weights.shape != u_values.shape:
        raise ValueError("u_weights: shape")
    if v_weights.shape != v_values.shape:
        raise ValueError("v_weights: shape")
    x, order = torch.cat([u_values, v_values]).sort()
    height = torch.cat([u_weights / u_weights.sum(), -v_weights / v_weights.sum()])[order].cumsum(0).abs()[:-1]
    # left and right end of every step, so that the trapezoids are rectangles
    corners = torch.stack([x[:-1], x[1:]], dim=1).reshape(-1)
    heights = height.repeat_interleave(2)
    return torch.trapezoid(heights, corners)
