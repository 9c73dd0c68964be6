import torch


def bce(probabilities, targets):
    """All in double, then back, so that float32 inputs lose nothing on the way."""
    if probabilities.shape != targets.shape:
        raise ValueError("shape mismatch")
    p = probabilities.to(torch.float64).clamp(1e-12, 1 - 1e-12)
    t = targets.double()
    value = -(t * torch.log(p) + (1 - t) * torch.log1p(-p)).mean()
    return value.to(probabilities.dtype)
