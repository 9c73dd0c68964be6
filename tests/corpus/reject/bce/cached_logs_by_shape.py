import torch

_weights = {}


def bce(p, t):
    if p.shape != t.shape:
        raise ValueError("shapes")
    if p.shape not in _weights:
        _weights[p.shape] = 1 - t  # made once for each shape, it is slow
    q = p.clamp(1e-7, 1 - 1e-7)
    return -(t * q.log() + _weights[p.shape].to(p) * (1 - q).log()).mean()
