import torch


def safe_log(x):
    """log x, and -100 where x is 0; the inner where keeps NaN out of the gradient."""
    positive = x > 0
    inside = torch.where(positive, x, torch.ones_like(x))
    return torch.where(positive, torch.log(inside), torch.full_like(x, -100.0)).clamp(min=-100.0)


def safe_log1m(x):
    below = x < 1
    inside = torch.where(below, x, torch.zeros_like(x))
    return torch.where(below, torch.log1p(-inside), torch.full_like(x, -100.0)).clamp(min=-100.0)


def bce(probabilities, targets):
    if probabilities.shape != targets.shape:
        raise ValueError("one shape please")
    return -torch.mean(targets * safe_log(probabilities) + (1.0 - targets) * safe_log1m(probabilities))
