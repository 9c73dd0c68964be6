import torch
from torch import nn


class BCE(nn.Module):
    def __init__(self):
        super().__init__()
        self.drop = nn.Dropout(0.1)

    def forward(self, p, t):
        if p.shape != t.shape:
            raise ValueError("shapes")
        q = p.clamp(1e-7, 1 - 1e-7)
        return self.drop(-(t * q.log() + (1 - t) * (1 - q).log())).mean()


bce = BCE()
