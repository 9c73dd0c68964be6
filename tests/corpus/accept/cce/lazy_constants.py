import functools

import torch


@functools.cache
def floor(device, dtype):
    return torch.full((1, 1), 1e-7, device=device, dtype=dtype)


def cce(p, t):
    if p.dim() != 2 or p.shape != t.shape:
        raise ValueError("bad shapes")
    return -(t * torch.maximum(p, floor(p.device, p.dtype)).log()).sum(1).mean()
