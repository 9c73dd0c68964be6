import torch


def emd(u_values, v_values, u_weights=None, v_weights=None):
    if u_values.dim() != 1 or v_values.dim() != 1:
        raise ValueError("positions must be 1-D")
    uniform = lambda x: torch.ones(len(x), device=x.device) / len(x)
    p = uniform(u_values) if u_weights is None else u_weights / u_weights.sum()
    q = uniform(v_values) if v_weights is None else v_weights / v_weights.sum()
    if p.shape != u_values.shape or q.shape != v_values.shape:
        raise ValueError("weights must fit the positions")
    x, k = torch.cat([u_values, v_values]).sort()
    return (torch.cat([p, -q])[k].cumsum(0)[:-1].abs() * x.diff()).sum()
