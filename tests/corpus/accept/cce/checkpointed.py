import torch
from torch.utils.checkpoint import checkpoint


def terms(p, t):
    return (t * torch.log(p.clamp(min=1e-12))).sum(dim=1)


def cce(p, t):
    """Recomputes the logs in the backward pass, to save memory."""
    if p.dim() != 2 or p.shape != t.shape:
        raise ValueError("shapes")
    if p.requires_grad:
        rows = checkpoint(terms, p, t, use_reentrant=False)
    else:
        rows = terms(p, t)
    return -rows.mean()
