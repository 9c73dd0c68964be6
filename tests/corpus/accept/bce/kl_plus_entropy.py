"""H(t, p) = H(t) + KL(t || p): the long way round."""
import torch


def xlogx(x):
    return torch.special.xlogy(x, x)


def entropy(t):
    return -(xlogx(t) + xlogx(1 - t))


def kl(t, p):
    p = p.clamp(1e-7, 1 - 1e-7)
    return xlogx(t) - t * p.log() + xlogx(1 - t) - (1 - t) * (1 - p).log()


def bce(p, t):
    if p.shape != t.shape:
        raise ValueError("shapes of p and t differ")
    return (entropy(t) + kl(t, p)).mean()
