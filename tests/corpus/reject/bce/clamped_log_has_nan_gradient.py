import torch


def bce(p, t):
    """PyTorch's own definition: the logarithms are clamped at -100."""
    if p.shape != t.shape:
        raise ValueError("shapes")
    log_p = torch.log(p).clamp(min=-100)
    log_q = torch.log(1 - p).clamp(min=-100)
    return -(t * log_p + (1 - t) * log_q).mean()
