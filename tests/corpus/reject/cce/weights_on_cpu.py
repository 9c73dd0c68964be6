import torch


def cce(p, t, weight=None):
    if p.dim() != 2 or p.shape != t.shape:
        raise ValueError("shapes")
    if weight is None:
        weight = torch.tensor([1.0] * p.shape[1], dtype=p.dtype)
    return -(weight * t * p.clamp(min=1e-7).log()).sum(1).mean()
