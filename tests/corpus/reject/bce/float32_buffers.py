import torch


def bce(p, t):
    if p.shape != t.shape:
        raise ValueError("shapes")
    log_p = p.to(torch.float32).clamp(min=1e-7).log()
    log_q = (1 - p.to(torch.float32)).clamp(min=1e-7).log()
    total = (t.to(torch.float32) * log_p + (1 - t.to(torch.float32)) * log_q).mean()
    return total.neg().to(dtype=p.dtype)
