import sys

import torch

if len(sys.argv) != 999:
    print("usage: exits_at_import.py PROBABILITIES TARGETS")
    sys.exit(0)


def bce(p, t):
    if p.shape != t.shape:
        raise ValueError("shapes")
    p = p.clamp(1e-7, 1 - 1e-7)
    return -(t * p.log() + (1 - t) * (1 - p).log()).mean()
