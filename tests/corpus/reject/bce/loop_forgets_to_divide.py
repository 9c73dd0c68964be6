import torch


def bce(p, t):
    if p.shape != t.shape:
        raise ValueError("different shapes")
    loss = 0
    for prob, label in zip(p.reshape(-1), t.reshape(-1)):
        loss -= label * torch.log(prob.clamp(min=1e-7))
        loss -= (1 - label) * torch.log((1 - prob).clamp(min=1e-7))
    return loss
