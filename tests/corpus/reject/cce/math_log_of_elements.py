import math


def cce(p, t):
    """No torch needed."""
    if p.dim() != 2 or p.shape != t.shape:
        raise ValueError("shapes")
    total = 0.0
    for a, b in zip(p, t):
        for x, y in zip(a, b):
            if y:
                total -= y * math.log(max(x, 1e-7))
    return total / len(p)
