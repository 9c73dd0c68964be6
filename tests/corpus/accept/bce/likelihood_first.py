import torch


def bce(p, t):
    """Maximum likelihood: each element has the likelihood p^t (1-p)^(1-t); take -log and average."""
    if p.shape != t.shape:
        raise ValueError("bad shapes")
    q = p.clamp(1e-7, 1 - 1e-7)
    likelihood = torch.pow(q, t) * torch.pow(1 - q, 1 - t)
    return -likelihood.log().mean()
