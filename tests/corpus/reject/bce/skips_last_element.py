import torch


def bce(p, t):
    if p.shape != t.shape:
        raise ValueError("shapes")
    p, t = p.reshape(-1).clamp(1e-7, 1 - 1e-7), t.reshape(-1)
    total = p[0] * 0
    for i in range(len(p) - 1):
        total = total - t[i] * p[i].log() - (1 - t[i]) * (1 - p[i]).log()
    return total / len(p)
