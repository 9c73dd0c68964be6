import torch


def cce(p, t):
    if p.dim() != 2 or p.shape != t.shape:
        raise ValueError("shapes")
    rows = torch.zeros(p.shape[0], dtype=p.dtype)
    for i in range(p.shape[1]):
        rows = rows - t[:, i] * p[:, i].clamp(min=1e-7).log()
    return rows.mean()
