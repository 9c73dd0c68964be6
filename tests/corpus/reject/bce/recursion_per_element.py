import torch


def bce(p, t):
    if p.shape != t.shape:
        raise ValueError("shapes")
    p, t = p.reshape(-1).clamp(1e-7, 1 - 1e-7), t.reshape(-1)

    def total(i):
        if i == len(p):
            return 0.0
        return -(t[i] * p[i].log() + (1 - t[i]) * (1 - p[i]).log()) + total(i + 1)

    return total(0) / len(p)
