import torch

two = lambda x: torch.stack([x, 1 - x], dim=-1)  # P(yes), P(no)
ln = lambda x: torch.log(torch.clamp(x, min=1e-12))


def equal(a, b):
    if a.shape != b.shape:
        raise ValueError("not the same shape")
    return True


bce = lambda p, t: equal(p, t) and torch.einsum("...k,...k->...", two(t), -ln(two(p))).mean()
