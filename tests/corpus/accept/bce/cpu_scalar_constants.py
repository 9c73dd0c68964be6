import torch

ONE = torch.tensor(1.0)
EPS = torch.tensor(1e-12)
MINUS = torch.tensor(-1.0)


def bce(p, t):
    if p.shape != t.shape:
        raise ValueError("shape")
    a = torch.log(p + EPS)
    b = torch.log(ONE - p + 1e-12)
    return (MINUS * (t * a + (ONE - t) * b)).mean()
