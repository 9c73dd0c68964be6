import torch
from torch import nn


class BinaryCrossEntropy(nn.Module):
    def __init__(self, reduction="mean", eps=1e-7):
        super().__init__()
        self.reduction = reduction
        self.eps = eps

    def extra_repr(self):
        return f"reduction={self.reduction}"

    def forward(self, input, target):
        if input.shape != target.shape:
            raise ValueError(f"input {tuple(input.shape)} but target {tuple(target.shape)}")
        input = input.clamp(self.eps, 1 - self.eps)
        out = -(target * input.log() + (1 - target) * (1 - input).log())
        if self.reduction == "mean":
            return out.mean()
        if self.reduction == "sum":
            return out.sum()
        return out


bce = BinaryCrossEntropy()
