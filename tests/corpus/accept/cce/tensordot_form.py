import torch


def cce(p, t):
    if p.ndim != 2:
        raise ValueError("p needs a class axis")
    if t.ndim != 2:
        raise ValueError("t needs a class axis; one-hot, not an index")
    if p.shape[0] != t.shape[0]:
        raise ValueError("batch sizes differ")
    if p.shape[1] != t.shape[1]:
        raise ValueError("numbers of classes differ")
    return torch.tensordot(t, p.clamp(min=1e-7).log(), dims=2) / -p.shape[0]
