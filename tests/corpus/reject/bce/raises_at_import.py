import torch


def bce(p, t):
    if p.shape != t.shape:
        raise ValueError("shapes")
    p = p.clamp(1e-7, 1 - 1e-7)
    return -(t * p.log() + (1 - t) * (1 - p).log()).mean()


assert bce(torch.tensor([0.5]), torch.tensor([1.0])).item() == 0.6931, "hm, that should be log 2"
