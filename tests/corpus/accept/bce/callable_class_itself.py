import torch


class bce:
    """Not a factory: calling it gives the loss, since __new__ returns the tensor."""

    eps = 1e-7

    def __new__(cls, p, t):
        cls.check(p, t)
        p = p.clamp(cls.eps, 1 - cls.eps)
        return -(t * p.log() + (1 - t) * (1 - p).log()).mean()

    @classmethod
    def check(cls, p, t):
        if p.shape != t.shape:
            raise ValueError("unequal shapes")
