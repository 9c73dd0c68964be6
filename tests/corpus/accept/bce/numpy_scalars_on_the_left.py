import numpy as np
import torch

ONE = np.float64(1.0)
TINY = np.exp(np.float64(-30))


def bce(p, t):
    if tuple(p.shape) != tuple(t.shape):
        raise ValueError("shapes differ")
    count = np.int64(np.prod(p.shape, dtype=np.int64))
    positive = t * torch.log(torch.clamp(p, min=float(TINY)))
    negative = (ONE - t) * torch.log(torch.clamp(ONE - p, min=float(TINY)))
    return np.float64(-1.0) * torch.sum(positive + negative) / count
