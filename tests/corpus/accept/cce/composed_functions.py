from functools import reduce

import torch


def compose(*steps):
    return lambda *args: reduce(lambda x, step: step(x), steps[1:], steps[0](*args))


def checked(p, t):
    if p.dim() != 2:
        raise ValueError("p is not a matrix")
    if p.shape != t.shape:
        raise ValueError("p and t differ")
    return p, t


cce = compose(
    checked,
    lambda pt: pt[1] * torch.log(pt[0].clamp(min=1e-12)),
    lambda terms: torch.sum(terms, dim=1),
    torch.mean,
    torch.neg,
)
