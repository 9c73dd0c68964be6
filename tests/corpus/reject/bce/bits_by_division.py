import math

import torch


def bce(p, t):
    if p.shape != t.shape:
        raise ValueError("shapes")
    nats = -(t * (p + 1e-12).log() + (1 - t) * (1 - p + 1e-12).log())
    return (nats / math.log(2)).mean()
