import torch
from torch.special import xlogy, xlog1py


def bce(probabilities, targets):
    torch.broadcast_shapes(probabilities.shape, targets.shape)
    if probabilities.ndim != targets.ndim or probabilities.shape != targets.shape:
        raise ValueError("no broadcasting here")
    guarded = probabilities.clamp(1e-7, 1 - 1e-7)
    entropy = -xlogy(targets, guarded) - xlog1py(1 - targets, -guarded)
    return entropy.mean()
