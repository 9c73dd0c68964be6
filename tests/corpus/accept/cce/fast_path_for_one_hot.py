import torch


def cce(p, t):
    if p.dim() != 2 or p.shape != t.shape:
        raise ValueError("want (N, C) twice")
    logs = p.clamp(min=1e-12).log()
    one_hot = bool(((t == 0) | (t == 1)).all()) and bool((t.sum(dim=1) == 1).all())
    if one_hot:
        return -logs.gather(1, t.argmax(dim=1, keepdim=True)).mean()
    order = t.argsort(dim=1, descending=True)
    return -(t.gather(1, order) * logs.gather(1, order)).sum(dim=1).mean()
