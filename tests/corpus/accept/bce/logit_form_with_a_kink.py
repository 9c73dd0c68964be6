import torch


def bce(p, t):
    """max(z, 0) - z t + log(1 + exp(-|z|)) of the logit z."""
    if p.shape != t.shape:
        raise ValueError("shapes differ")
    p = p.clamp(1e-7, 1 - 1e-7)
    z = torch.log(p / (1 - p))
    return (torch.relu(z) - z * t + torch.log1p(torch.exp(-torch.abs(z)))).mean()
