import numpy as np
import torch


def bce(p, t):
    if p.shape != t.shape:
        raise ValueError("shapes")
    a = p.detach().cpu().numpy().clip(1e-7, 1 - 1e-7)
    b = t.detach().cpu().numpy()
    value = -np.mean(b * np.log(a) + (1 - b) * np.log(1 - a))
    return torch.tensor(value, dtype=p.dtype, device=p.device)
