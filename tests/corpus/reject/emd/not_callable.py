import torch


def emd(u_values, v_values, u_weights=None, v_weights=None):
    p = torch.ones_like(u_values) if u_weights is None else u_weights
    q = torch.ones_like(v_values) if v_weights is None else v_weights
    x, k = torch.cat([u_values, v_values]).sort()
    return (torch.cat([p / p.sum(), -q / q.sum()])[k].cumsum(0)[:-1].abs() * x.diff()).sum()


emd = emd(torch.zeros(3), torch.ones(2))
print(emd)
