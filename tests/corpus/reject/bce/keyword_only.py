import torch


def bce(*, probabilities, targets):
    if probabilities.shape != targets.shape:
        raise ValueError("shapes")
    p = probabilities.clamp(1e-7, 1 - 1e-7)
    return -(targets * p.log() + (1 - targets) * (1 - p).log()).mean()
