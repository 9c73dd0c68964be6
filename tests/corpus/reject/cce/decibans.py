import math

import torch


class Loss:
    base = 10

    def __call__(self, p, t):
        if p.dim() != 2 or p.shape != t.shape:
            raise ValueError("shapes")
        return -(t * p.clamp(min=1e-16).log()).sum(1).div(math.log(self.base)).mean()


cce = Loss()
