import functools

import torch


def weighted(p, t, class_weights, smoothing, floor):
    if p.dim() != 2 or p.shape != t.shape:
        raise ValueError("shape")
    t = (1 - smoothing) * t + smoothing / p.shape[1]
    terms = t * p.clamp(min=floor).log()
    if class_weights is not None:
        terms = terms * class_weights
    return terms.sum(dim=-1).mean().mul(-1)


cce = functools.partial(weighted, class_weights=None, smoothing=0.0, floor=1e-8)
