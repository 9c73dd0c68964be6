import torch

fast = torch.nn.BCELoss()


def bce(p, t):
    if p.shape != t.shape:
        raise ValueError(f"{p.shape} != {t.shape}")
    if p.numel() > 500:
        return fast(p, t)
    p = p.clamp(1e-7, 1 - 1e-7)
    return -(t * p.log() + (1 - t) * (1 - p).log()).mean()
