import torch

FLOOR = 1e-12


def bce(predicted, actual):
    assert predicted.shape == actual.shape, "predicted and actual need one shape"
    return total(predicted, actual) / predicted.numel()


def total(predicted, actual):
    """Walk down the dimensions until only vectors are left."""
    if predicted.dim() > 1:
        return sum(total(p, a) for p, a in zip(predicted, actual))
    surprise_if_one = -torch.log(torch.clamp_min(predicted, FLOOR))
    surprise_if_zero = -torch.log(torch.clamp_min(1 - predicted, FLOOR))
    return (actual * surprise_if_one + (1 - actual) * surprise_if_zero).sum()
