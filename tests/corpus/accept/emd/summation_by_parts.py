import torch


def emd(u_values, v_values, u_weights=None, v_weights=None):
    """sum_k |c_k| (x_{k+1} - x_k) = sum_k x_k (|c_{k-1}| - |c_k|), because nothing flows past either end."""
    if u_values.ndim != 1 or v_values.ndim != 1:
        raise ValueError("positions have one axis")
    if u_weights is None:
        u_weights = torch.ones_like(u_values)
    if v_weights is None:
        v_weights = torch.ones_like(v_values)
    if u_weights.shape != u_values.shape or v_weights.shape != v_values.shape:
        raise ValueError("weights look like their positions")
    x, order = torch.cat([u_values, v_values]).sort()
    with torch.no_grad():
        flow = torch.cat([u_weights / u_weights.sum(), -v_weights / v_weights.sum()])[order].cumsum(0).abs()
        flow[-1] = 0
        coefficient = torch.cat([flow.new_zeros(1), flow[:-1]]) - flow
    return torch.dot(coefficient, x)
