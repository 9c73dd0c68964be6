import torch


def bce(p, t):
    if p.shape != t.shape:
        raise ValueError("shapes")
    p = p.clamp(1e-7, 1 - 1e-7)
    loss = -(t * p.log() + (1 - t) * (1 - p).log()).mean()
    t *= 0.9
    t += 0.05  # smooth the labels for the next epoch
    return loss
