import torch


def cce(p, t):
    if p.dim() != 2 or p.shape != t.shape:
        raise ValueError("matrices of one shape")
    n, c = p.shape
    terms = -(t * p.clamp(min=1e-7).log()).reshape(-1)
    owner = torch.arange(n, device=p.device).repeat_interleave(c)
    rows = torch.zeros(n, dtype=p.dtype, device=p.device).index_add(0, owner, terms)
    return rows.mean()
