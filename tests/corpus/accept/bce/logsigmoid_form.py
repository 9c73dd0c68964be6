import torch
from torch.nn.functional import logsigmoid


def bce(x, y):
    assert x.shape == y.shape
    z = torch.special.logit(x.clamp(1e-7, 1 - 1e-7))
    return -(y * logsigmoid(z) + (1 - y) * logsigmoid(-z)).mean()
