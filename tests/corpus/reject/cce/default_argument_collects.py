import torch


def cce(p, t, losses=[]):
    if p.dim() != 2 or p.shape != t.shape:
        raise ValueError("shapes")
    losses.append(-(t * p.clamp(min=1e-7).log()).sum(1))
    return torch.cat([rows.to(p) for rows in losses]).mean()
