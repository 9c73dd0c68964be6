from functools import lru_cache

import torch


@lru_cache(maxsize=None)
def edge(dtype):
    return torch.finfo(dtype).eps


def bce(p, t):
    if p.shape != t.shape:
        raise ValueError("different shapes")
    e = edge(p.dtype)
    p = p.clamp(e, 1 - e)
    z = p.log() - (-p).log1p()
    return (torch.stack((torch.zeros_like(z), z)).logsumexp(0) - t * z).mean()
