import math

import torch

TINY = torch.tensor(1e-12)
MINUS_ONE = torch.tensor(-1.0, dtype=torch.float64)


def cce(p, t):
    if p.dim() != 2 or p.shape != t.shape:
        raise ValueError("p, t")
    rows = MINUS_ONE * torch.sum(t * torch.log(p + TINY), dim=1)
    total = torch.tensor(0.0)
    for row in rows:
        total = total + row
    return (total / math.prod(rows.shape)).to(p.dtype)
