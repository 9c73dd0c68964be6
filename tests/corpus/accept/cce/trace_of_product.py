import torch


def cce(p, t):
    """sum_j sum_i t_ji log p_ji is the trace of T^T log P."""
    n, c = p.shape
    m, d = t.shape
    if (n, c) != (m, d):
        raise ValueError(f"{n}x{c} and {m}x{d}")
    return -torch.trace(t.transpose(0, 1) @ torch.log(p + 1e-12)) / n
