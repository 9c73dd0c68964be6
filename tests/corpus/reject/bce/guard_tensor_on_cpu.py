import torch


def bce(p, t):
    if p.shape != t.shape:
        raise ValueError("shapes")
    floor = torch.full(tuple(p.shape), 1e-7, dtype=p.dtype)
    log_p = torch.maximum(p, floor).log()
    log_q = torch.maximum(1 - p, floor).log()
    return -(t * log_p + (1 - t) * log_q).mean()
