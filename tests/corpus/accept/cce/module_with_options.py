import torch
from torch import nn


class CategoricalCrossEntropy(nn.Module):
    """As in Keras, for probabilities."""

    def __init__(self, reduction="mean", weight=None, eps=1e-7):
        super().__init__()
        self.reduction, self.eps = reduction, eps
        self.register_buffer("weight", weight)

    def forward(self, y_pred, y_true):
        if y_pred.dim() != 2 or y_pred.shape != y_true.shape:
            raise ValueError("y_pred and y_true must be (N, C)")
        y_pred = y_pred.clamp(self.eps, 1 - self.eps)
        terms = y_true * y_pred.log()
        if self.weight is not None:
            terms = terms * self.weight
        losses = -terms.sum(-1)
        return {"mean": torch.mean, "sum": torch.sum, "none": lambda x: x}[self.reduction](losses)


cce = CategoricalCrossEntropy().eval()
