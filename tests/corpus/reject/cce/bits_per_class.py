import math

import torch

BIT = math.log(2.0)


def cce(p, t):
    assert p.ndim == 2 and p.shape == t.shape
    rows = [-(b @ a.clamp(min=1e-7).log()) / BIT for a, b in zip(p, t)]
    return sum(rows) / len(rows)
