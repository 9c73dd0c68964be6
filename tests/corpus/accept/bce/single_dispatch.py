import functools

import torch


@functools.singledispatch
def bce(p, t):
    raise TypeError(f"no bce for {type(p)}")


@bce.register
def _(p: torch.Tensor, t):
    if p.shape != t.shape:
        raise ValueError(f"{list(p.shape)} is not {list(t.shape)}")
    chances = [(p, t), (1 - p, 1 - t)]
    terms = (w * q.clamp(min=1e-12).log() for q, w in chances)
    return -functools.reduce(torch.add, terms).mean()


@bce.register
def _(p: list, t):
    return bce(torch.tensor(p), torch.tensor(t))
