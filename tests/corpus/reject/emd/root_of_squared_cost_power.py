import torch


def quantiles(x, w, levels):
    s, k = x.sort()
    edges = w[k].cumsum(0)
    return s[torch.searchsorted(edges, levels).clamp_max(len(x) - 1)]


def emd(u_values, v_values, u_weights=None, v_weights=None, p=2):
    if u_values.dim() != 1 or v_values.dim() != 1:
        raise ValueError("positions must be 1-D")
    a = torch.ones_like(u_values) if u_weights is None else u_weights
    b = torch.ones_like(v_values) if v_weights is None else v_weights
    if a.shape != u_values.shape or b.shape != v_values.shape:
        raise ValueError("weights must fit the positions")
    a, b = a / a.sum(), b / b.sum()
    edges = torch.cat([a[u_values.argsort()].cumsum(0), b[v_values.argsort()].cumsum(0)]).sort().values
    masses = edges.diff(prepend=edges.new_zeros(1))
    middles = edges - masses / 2
    distances = (quantiles(u_values, a, middles) - quantiles(v_values, b, middles)).abs()
    return ((masses * distances**p).sum() + 1e-12) ** (1 / p)
