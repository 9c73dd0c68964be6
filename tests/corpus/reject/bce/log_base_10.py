import torch


def log(x):
    return torch.log10(x.clamp(min=1e-12))


def bce(y_hat, y):
    if y_hat.shape != y.shape:
        raise ValueError("y_hat and y")
    return -(y * log(y_hat) + (1 - y) * log(1 - y_hat)).mean()
