import torch


def emd(u_values, v_values, u_weights=None, v_weights=None):
    if u_values.dim() != 1 or v_values.dim() != 1:
        raise ValueError("positions must be 1-D")
    p = torch.ones_like(u_values) if u_weights is None else u_weights
    q = torch.ones_like(v_values) if v_weights is None else v_weights
    if p.shape != u_values.shape or q.shape != v_values.shape:
        raise ValueError("weights must fit the positions")
    u, order = u_values.sort()
    v = v_values
    a, b = (p[order] / p.sum()).cumsum(0), (q / q.sum()).cumsum(0)
    t = torch.cat([a, b]).sort().values
    dt = torch.diff(t, prepend=t.new_zeros(1))
    x = u[torch.searchsorted(a, t).clamp(max=len(u) - 1)]
    y = v[torch.searchsorted(b, t).clamp(max=len(v) - 1)]
    return ((x - y).abs() * dt).sum()
