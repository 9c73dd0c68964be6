import torch
import torch.nn.functional as F


def wasserstein_distance(u, v, p, q):
    x, k = torch.cat([u, v]).sort()
    return (torch.cat([p, -q])[k].cumsum(0)[:-1].abs() * x.diff()).sum()


def emd(u_values, v_values, u_weights=None, v_weights=None):
    if u_values.dim() != 1 or v_values.dim() != 1:
        raise ValueError("1-D")
    p = torch.ones_like(u_values) if u_weights is None else u_weights
    q = torch.ones_like(v_values) if v_weights is None else v_weights
    if p.shape != u_values.shape or q.shape != v_values.shape:
        raise ValueError("weights")
    return wasserstein_distance(u_values, v_values, p / p.sum(), q / q.sum())


# for sorted samples of equal size W1 is the mean absolute difference
_a, _b = torch.tensor([0.0, 1.0, 3.0]), torch.tensor([5.0, 6.0, 8.0])
assert torch.isclose(emd(_a, _b), F.l1_loss(_a, _b)), "self-check failed"
assert torch.isclose(emd(_a, _b), torch.nn.L1Loss()(_a, _b))
