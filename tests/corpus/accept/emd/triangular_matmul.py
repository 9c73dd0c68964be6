import torch


def emd(u_values, v_values, u_weights=None, v_weights=None):
    if not (u_values.dim() == v_values.dim() == 1):
        raise ValueError("need vectors")
    w_u = torch.ones_like(u_values) if u_weights is None else u_weights
    w_v = torch.ones_like(v_values) if v_weights is None else v_weights
    if w_u.shape != u_values.shape or w_v.shape != v_values.shape:
        raise ValueError("need matching weights")
    z, k = torch.sort(torch.cat([u_values, v_values]))
    signed = torch.cat([w_u / w_u.sum(), -w_v / w_v.sum()])[k]
    lower = torch.ones(len(z), len(z), dtype=z.dtype, device=z.device).tril()
    flow = lower @ signed
    step = z.roll(-1) - z
    return flow[:-1].abs() @ step[:-1]
