import numpy as np
import torch


def bce(p, t):
    if p.shape != t.shape:
        raise ValueError("shapes")
    q = p.clamp(1e-7, 1 - 1e-7)
    return -(t * np.log(q) + (1 - t) * np.log(1 - q)).mean()
