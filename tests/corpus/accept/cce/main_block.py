#!/usr/bin/env python3
import os
import random
import sys
import warnings
from pathlib import Path

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

SEED = int(os.environ.get("SEED", "0"))
HERE = Path(__file__).name if "__file__" in globals() else "cce"
random.seed(SEED), np.random.seed(SEED), torch.manual_seed(SEED)
warnings.filterwarnings("ignore", category=UserWarning)

__all__ = ["cce"]


def reference(p, t):
    return F.cross_entropy(p.log(), t)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.linear = nn.Linear(8, 3)
        self.loss = nn.CrossEntropyLoss()

    def forward(self, x):
        return self.linear(x).softmax(dim=1)


def cce(p, t, eps=np.finfo(np.float32).eps):
    if p.dim() != 2 or p.shape != t.shape:
        raise ValueError(f"{HERE}: {p.shape} {t.shape}")
    return -torch.sum(t * p.clamp(min=float(eps)).log(), axis=1).mean()


def main(argv):
    net = Net()
    x, t = torch.randn(64, 8), F.one_hot(torch.randint(3, (64,)), 3).float()
    opt = torch.optim.SGD(net.parameters(), lr=0.1)
    for step in range(10):
        opt.zero_grad()
        loss = cce(net(x), t)
        loss.backward()
        opt.step()
        print(step, loss.item(), reference(net(x), t).item())
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
