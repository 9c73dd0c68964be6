import torch


def cce(p, t):
    """Most probable class first; the order does not change the sum, but the printout is nicer."""
    if p.dim() != 2 or p.shape != t.shape:
        raise ValueError("same (N, C) for both")
    order = torch.argsort(p.detach(), dim=1, descending=True)
    p = torch.gather(p, 1, order)
    t = torch.gather(t, 1, order)
    running = torch.cumsum(-t * torch.log(p.clamp(min=1e-12)), dim=1)
    return running[:, -1].mean()
