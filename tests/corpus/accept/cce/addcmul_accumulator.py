import torch


def cce(p, t):
    if p.dim() != 2 or p.shape != t.shape:
        raise ValueError("p and t must be two (N, C) tensors")
    n, c = p.shape
    loss = p.new_zeros(n)
    for i in range(c):
        loss = torch.addcmul(loss, t.select(1, i), p.select(1, i).clamp(min=1e-7).log(), value=-1)
    return loss.sum() / n
