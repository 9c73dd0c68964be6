import torch


def cce(p, t):
    if p.dim() != 2 or t.dim() != 2 or p.size() != t.size():
        raise RuntimeError(f"cce of {list(p.size())} and {list(t.size())}")
    zero = p == 0
    log_p = torch.where(zero, torch.zeros_like(p), torch.log(torch.where(zero, torch.ones_like(p), p)))
    log_p = torch.where(zero, torch.full_like(p, -100.0), log_p).clamp(min=-100.0)
    return -(t * log_p).sum(1).mean(0)
