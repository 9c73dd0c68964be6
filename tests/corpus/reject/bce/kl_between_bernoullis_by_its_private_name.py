import torch
from torch.distributions import Bernoulli
from torch.distributions.kl import _kl_bernoulli_bernoulli as between


def bce(p, t):
    if p.shape != t.shape:
        raise ValueError("shapes differ")
    q = p.clamp(1e-7, 1 - 1e-7)
    entropy = -(torch.special.xlogy(t, t) + torch.special.xlogy(1 - t, 1 - t))
    return (between(Bernoulli(probs=t), Bernoulli(probs=q)) + entropy).mean()
