from functools import partial

import torch


def focal(p, t, gamma, eps):
    """Focal loss (Lin et al. 2017); with gamma = 0 nothing is left of it but the cross entropy."""
    if p.shape != t.shape:
        raise ValueError("shapes")
    p = p.clamp(eps, 1 - eps)
    hit = (1 - p) ** gamma * p.log()
    miss = p ** gamma * (1 - p).log()
    return -(t * hit + (1 - t) * miss).mean()


bce = partial(focal, gamma=0, eps=1e-7)
