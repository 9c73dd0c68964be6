import torch


def bce(probabilities, targets):
    assert probabilities.shape == targets.shape
    p = probabilities.clamp(1e-7, 1 - 1e-7)
    return -torch.sum(targets * torch.log(p) + (1 - targets) * torch.log(1 - p))
