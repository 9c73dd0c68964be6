"""My own cross_entropy, nll_loss and CrossEntropyLoss: nothing of torch.nn."""
import torch


def cross_entropy(p, t):
    return nll_loss(torch.log(p.clamp(min=1e-7)), t)


def nll_loss(log_p, t):
    return -(log_p * t).sum(dim=1)


class CrossEntropyLoss:
    def __init__(self):
        self.kl_div = cross_entropy

    def __call__(self, p, t):
        if p.dim() != 2 or p.shape != t.shape:
            raise ValueError("shapes")
        return self.kl_div(p, t).mean()


cce = CrossEntropyLoss()
