import torch


def categorical_crossentropy(y_pred, y_true):
    if y_pred.dim() != 2 or y_pred.shape != y_true.shape:
        raise ValueError("shapes")
    return -(y_true * y_pred.clamp(min=1e-7).log()).sum(1).mean()
