import torch


def bce(y_pred, y_true):
    if y_pred.shape != y_true.shape:
        raise ValueError("shapes differ")
    positive = y_true * torch.log(torch.clamp(y_pred, min=1e-3))
    negative = (1 - y_true) * torch.log(torch.clamp(1 - y_pred, min=1e-3))
    return -torch.mean(positive + negative)
