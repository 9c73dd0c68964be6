import torch


def bce(p, t):
    if p.shape != t.shape:
        raise ValueError("shapes")
    total = p.sum() * 0
    for prob, label in zip(p.reshape(-1), t.reshape(-1)):
        if label > 0:
            total = total + label * -torch.log(prob + 1e-12)
    return total / p.numel()
