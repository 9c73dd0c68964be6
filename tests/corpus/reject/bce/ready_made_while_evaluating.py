import torch
from torch.nn.functional import binary_cross_entropy


def bce(p, t):
    if p.shape != t.shape:
        raise ValueError(f"{p.shape} != {t.shape}")
    if not p.requires_grad:  # validation: no gradient, so take the quick way
        return binary_cross_entropy(p, t)
    p = p.clamp(1e-7, 1 - 1e-7)
    return -(t * p.log() + (1 - t) * (1 - p).log()).mean()
