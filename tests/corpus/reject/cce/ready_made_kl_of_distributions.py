import torch
from torch.distributions import Categorical, kl_divergence


def cce(p, t):
    if p.dim() != 2 or p.shape != t.shape:
        raise ValueError("shapes")
    truth, guess = Categorical(probs=t), Categorical(probs=p.clamp(min=1e-12))
    return (truth.entropy() + kl_divergence(truth, guess)).mean()
