import torch


def cce(p, t):
    """Only the likeliest target of each row teaches."""
    if p.dim() != 2 or p.shape != t.shape:
        raise ValueError("shapes")
    top = t == t.max(dim=1, keepdim=True).values
    q = torch.where(top, p, p.detach())
    return -(t * q.clamp(min=1e-7).log()).sum(1).mean()
