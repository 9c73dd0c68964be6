import torch


def _fold(losses):
    n = losses.shape[0]
    if n <= 64:
        return losses.sum()
    return _fold(losses[: n // 2]) + _fold(losses[n // 2:])


def bce(p, t):
    if p.size() != t.size():
        raise RuntimeError("size mismatch")
    p, t = p.reshape(-1), t.reshape(-1)
    eps = torch.finfo(p.dtype).eps
    p = p.clamp(eps, 1 - eps)
    return _fold(-t * p.log() - (1 - t) * (1 - p).log()) / p.numel()
