import torch


class Loss:
    """The first steps count less."""

    def __init__(self):
        self.step = 0

    def __call__(self, p, t):
        if p.dim() != 2 or p.shape != t.shape:
            raise ValueError("shapes")
        self.step += 1
        weight = self.step / (self.step + 10)
        return -(t * p.clamp(min=1e-7).log()).sum(1).mean() * weight


cce = Loss()
