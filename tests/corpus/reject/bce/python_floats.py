import math

import torch


def bce(p, t):
    if p.shape != t.shape:
        raise ValueError("shapes")
    total = 0.0
    for a, b in zip(p.flatten().tolist(), t.flatten().tolist()):
        a = min(max(a, 1e-7), 1 - 1e-7)
        total -= b * math.log(a) + (1 - b) * math.log(1 - a)
    return p.new_tensor(total / p.numel())
