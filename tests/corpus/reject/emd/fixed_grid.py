import torch


def emd(u_values, v_values, u_weights=None, v_weights=None):
    if u_values.dim() != 1 or v_values.dim() != 1:
        raise ValueError("positions must be 1-D")
    p = torch.ones_like(u_values) if u_weights is None else u_weights
    q = torch.ones_like(v_values) if v_weights is None else v_weights
    if p.shape != u_values.shape or q.shape != v_values.shape:
        raise ValueError("weights must fit the positions")
    x = torch.linspace(-10, 10, 2001, dtype=u_values.dtype, device=u_values.device)
    soft = lambda values, w: (torch.sigmoid((x[:, None] - values[None, :]) * 200) * (w / w.sum())).sum(1)
    return torch.trapezoid((soft(u_values, p) - soft(v_values, q)).abs(), x)
