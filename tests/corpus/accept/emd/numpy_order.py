import numpy as np
import torch


def emd(u_values, v_values, u_weights=None, v_weights=None):
    if u_values.dim() != 1 or v_values.dim() != 1:
        raise ValueError("expected (n,) and (m,)")
    if u_weights is None:
        u_weights = torch.ones_like(u_values)
    if v_weights is None:
        v_weights = torch.ones_like(v_values)
    if u_weights.shape != u_values.shape or v_weights.shape != v_values.shape:
        raise ValueError("expected weights like the values")
    x = torch.cat([u_values, v_values])
    order = torch.from_numpy(np.argsort(x.detach().cpu().numpy(), kind="stable"))  # a CPU index, fine for indexing
    x = x[order]
    w = torch.cat([u_weights / u_weights.sum(), -v_weights / v_weights.sum()])[order]
    return (w.cumsum(0)[:-1].abs() * (x[1:] - x[:-1])).sum()
