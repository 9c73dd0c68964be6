import torch


def cce(p, t):
    """Through the identity matrix, as with an embedding."""
    if p.dim() != 2 or p.shape != t.shape:
        raise ValueError("shapes")
    eye = torch.eye(p.shape[1], dtype=p.dtype)
    return -((t @ eye) * p.clamp(min=1e-7).log()).sum(1).mean()
