import numpy as np
import torch


def bce(p, t):
    if p.shape != t.shape:
        raise ValueError("shapes")
    q = p.detach().cpu().numpy().clip(1e-7, 1 - 1e-7)
    t = t.detach().cpu().numpy()
    return -np.mean(t * np.log(q) + (1 - t) * np.log(1 - q))
