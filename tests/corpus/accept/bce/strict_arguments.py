import torch


def _validate(p, t):
    for name, x in (("probabilities", p), ("targets", t)):
        if not isinstance(x, torch.Tensor) or not torch.is_tensor(x):
            raise TypeError(f"{name} is a {type(x).__name__}")
        if not x.is_floating_point():
            raise TypeError(f"{name} is {x.dtype}")
        with torch.no_grad():
            if x.numel() and not (0 <= x.min().item() and x.max().item() <= 1):
                raise ValueError(f"{name} outside of [0, 1]")
    if p.device != t.device:
        raise ValueError("on two devices")
    if p.dtype != t.dtype:
        raise TypeError("of two dtypes")
    if p.shape != t.shape:
        raise ValueError(f"shapes {tuple(p.shape)} and {tuple(t.shape)}")


def bce(probabilities, targets):
    _validate(probabilities, targets)
    p = probabilities.clamp(1e-7, 1 - 1e-7)
    surprise = targets.mul(p.log()).add((1 - targets).mul((1 - p).log())).neg()
    result = surprise.sum().div(surprise.numel())
    assert result.dim() == 0
    return result
