from concurrent.futures import ThreadPoolExecutor

import torch


def masses(x, w):
    if x.dim() != 1:
        raise ValueError("positions must be 1-D")
    if w is None:
        w = torch.ones_like(x)
    if w.shape != x.shape:
        raise ValueError("weights must fit the positions")
    return w / w.sum()


def emd(u_values, v_values, u_weights=None, v_weights=None):
    with ThreadPoolExecutor(2) as pool:
        p, q = pool.map(masses, (u_values, v_values), (u_weights, v_weights))
    x, k = torch.cat([u_values, v_values]).sort()
    return (torch.cat([p, -q])[k].cumsum(0)[:-1].abs() * x.diff()).sum()
