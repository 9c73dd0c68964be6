import torch


def bce(p, t):
    if p.shape != t.shape:
        raise ValueError(f"{p.shape} vs {t.shape}")
    logit = torch.logit(p, eps=1e-7)
    zero = torch.zeros_like(logit)
    return (torch.logaddexp(zero, logit) - t * logit).mean()
