import torch


def bce(p, t):
    if p.shape != t.shape:
        raise ValueError("shapes!")
    q = p.clone().clamp_(1e-7, 1 - 1e-7)
    loss = torch.empty_like(q).copy_(q).log_().mul_(t)
    rest = q.neg().add_(1).log_().mul_(1 - t)
    return loss.add_(rest).mean().neg_()
