import torch.nn as nn

criterion = nn.BCELoss()


def bce(p, t):
    if p.shape != t.shape:
        raise ValueError("shapes")
    return criterion(p, t)
