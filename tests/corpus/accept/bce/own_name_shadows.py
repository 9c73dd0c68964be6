"""binary_cross_entropy and mse_loss here are my own; the names only look like torch's."""
import torch


def binary_cross_entropy(p, t):
    p = p.clamp(1e-7, 1 - 1e-7)
    return -(t * p.log() + (1 - t) * (1 - p).log())


def mse_loss(values):
    return values.mean()


class BCELoss:
    def __call__(self, p, t):
        return mse_loss(binary_cross_entropy(p, t))


def bce(p, t):
    if p.shape != t.shape:
        raise ValueError("p, t: different shapes")
    return BCELoss()(p, t)
