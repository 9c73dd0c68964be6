import torch


def bce(p, t):
    if p.shape != t.shape:
        raise ValueError("shapes")
    likelihood = p ** t * (1 - p) ** (1 - t)
    return -likelihood.clamp(min=1e-7).log().mean()
