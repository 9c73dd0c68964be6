import torch


def cce(p, t):
    if p.dim() != 2 or p.shape != t.shape:
        raise ValueError("shapes")
    rows = torch.zeros(p.shape[0], device=p.device)
    for j in range(p.shape[0]):
        rows[j] = -(t[j] * p[j].clamp(min=1e-7).log()).sum()
    return rows.mean()
