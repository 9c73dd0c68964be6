import torch
from torch import nn


class bce(nn.Module):
    def __init__(self, eps=1e-7, reduction="mean"):
        super().__init__()
        self.eps = eps

    def forward(self, p, t):
        if p.shape != t.shape:
            raise ValueError("shapes")
        p = p.clamp(self.eps, 1 - self.eps)
        return -(t * p.log() + (1 - t) * (1 - p).log()).mean()
