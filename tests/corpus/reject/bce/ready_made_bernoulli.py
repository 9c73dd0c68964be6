import torch
from torch.distributions import Bernoulli


def bce(p, t):
    if p.shape != t.shape:
        raise ValueError("shapes")
    p = p.clamp(1e-7, 1 - 1e-7)
    return -Bernoulli(probs=p, validate_args=False).log_prob(t).mean()
