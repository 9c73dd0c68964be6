import torch


def entropy(t):
    return torch.special.entr(t).sum(dim=1)


def relative_entropy(t, p):
    t_log_t = -torch.special.entr(t)
    return (t_log_t - t * p.log()).sum(dim=1)


def cce(p, t):
    if p.dim() != 2 or p.shape != t.shape:
        raise ValueError("p and t: (N, C)")
    p = p.clamp(min=1e-12)
    return torch.mean(entropy(t) + relative_entropy(t, p))
