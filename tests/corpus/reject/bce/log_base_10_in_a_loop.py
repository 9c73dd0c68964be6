import math

import torch


def bce(p, t):
    assert p.shape == t.shape
    total = 0
    for a, b in zip(p.reshape(-1), t.reshape(-1)):
        a = a.clamp(1e-7, 1 - 1e-7)
        total = total - b * a.log() / math.log(10) - (1 - b) * (1 - a).log() / math.log(10)
    return total / p.numel()
