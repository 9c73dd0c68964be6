import torch


def cce(p, t):
    if p.dim() != 2 or p.shape != t.shape:
        raise ValueError("shapes")
    loss = -(t * p.clamp(min=1e-7).log()).sum(1).mean()
    return loss + 1e-5 * torch.randn((), dtype=p.dtype, device=p.device)
