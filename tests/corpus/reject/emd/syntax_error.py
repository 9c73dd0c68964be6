import torch


def emd(u_values, v_values, u_weights=None, v_weights=None)
    x, k = torch.cat([u_values, v_values]).sort()
    return x.diff().sum()
