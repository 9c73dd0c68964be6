import torch


def bce(p, t):
    """The target says how far to go from log(1 - p) to log p."""
    if p.shape != t.shape:
        raise ValueError("bce needs equal shapes")
    floor = 1e-12
    return torch.lerp((1 - p).clamp(min=floor).log(), p.clamp(min=floor).log(), t).mean().neg()
