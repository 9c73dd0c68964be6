import torch


def cce(p, t):
    """Insists on probabilities: no negative ones, every row sums to 1."""
    if p.dim() != 2 or p.shape != t.shape:
        raise ValueError("p and t have to be (N, C)")
    ones = torch.ones(p.shape[0], dtype=p.dtype, device=p.device)
    assert torch.allclose(p.sum(dim=1), ones, atol=1e-3), "rows of p must sum to 1"
    assert (p >= 0).all() and (t >= 0).all()
    return -(t * torch.log(p.clamp(min=1e-7))).sum(dim=1).mean()
