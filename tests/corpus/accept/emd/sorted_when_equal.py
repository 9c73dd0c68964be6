import torch


def emd(u_values, v_values, u_weights=None, v_weights=None):
    if u_values.dim() != 1:
        raise ValueError("u_values must be (n,)")
    if v_values.dim() != 1:
        raise ValueError("v_values must be (m,)")
    if u_weights is not None and tuple(u_weights.shape) != tuple(u_values.shape):
        raise ValueError("u_weights must be (n,)")
    if v_weights is not None and tuple(v_weights.shape) != tuple(v_values.shape):
        raise ValueError("v_weights must be (m,)")

    n, m = u_values.numel(), v_values.numel()
    if n == m and u_weights is None and v_weights is None:
        return (torch.sort(u_values).values - torch.sort(v_values).values).abs().mean()

    u_weights = torch.ones_like(u_values) if u_weights is None else u_weights
    v_weights = torch.ones_like(v_values) if v_weights is None else v_weights
    u_sorted, u_order = torch.sort(u_values, stable=True)
    v_sorted, v_order = torch.sort(v_values, stable=True)
    u_cdf = torch.nn.functional.pad(u_weights[u_order].cumsum(0) / u_weights.sum(), (1, 0))
    v_cdf = torch.nn.functional.pad(v_weights[v_order].cumsum(0) / v_weights.sum(), (1, 0))
    x = torch.sort(torch.cat([u_sorted, v_sorted])).values
    with torch.no_grad():
        left = x[:-1].clone()
        gap = u_cdf[torch.bucketize(left, u_sorted, right=True)] - v_cdf[torch.bucketize(left, v_sorted, right=True)]
    return torch.sum(torch.diff(x) * gap.abs())
