import torch


def one_class(p, t):
    yes = torch.special.xlogy(t, p.clamp(min=1e-12))
    no = torch.special.xlogy(1 - t, (1 - p).clamp(min=1e-12))
    return -(yes + no)


def cce(p, t):
    if p.dim() != 2 or p.shape != t.shape:
        raise ValueError("shapes")
    return sum(one_class(p[:, i], t[:, i]).mean() for i in range(p.shape[1]))
