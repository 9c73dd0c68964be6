import torch


class Sample:
    def __init__(self, values, weights):
        if values.dim() != 1:
            raise ValueError("values")
        if weights is not None and weights.shape != values.shape:
            raise ValueError("weights")
        values = values.to(torch.float32)
        weights = torch.ones_like(values) if weights is None else weights.to(torch.float32)
        self.values, order = values.sort()
        self.levels = (weights / weights.sum())[order].cumsum(0)

    def quantile(self, t):
        return self.values[torch.searchsorted(self.levels, t).clamp(max=len(self.values) - 1)]


def emd(u_values, v_values, u_weights=None, v_weights=None):
    u, v = Sample(u_values, u_weights), Sample(v_values, v_weights)
    t = torch.cat([u.levels, v.levels]).sort().values
    dt = torch.diff(t, prepend=t.new_zeros(1))
    return ((u.quantile(t) - v.quantile(t)).abs() * dt).sum().to(u_values.dtype)
