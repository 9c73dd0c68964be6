import torch


def ecdf(values, weights):
    if values.ndim != 1:
        raise ValueError("values: one axis")
    weights = torch.ones_like(values) if weights is None else weights
    if weights.shape != values.shape:
        raise ValueError("weights: like values")
    order = torch.argsort(values)
    steps = torch.cat([weights.new_zeros(1), (weights[order] / weights.sum()).cumsum(0)])
    positions = values[order].detach().contiguous()
    return lambda x: steps[torch.searchsorted(positions, x.detach().contiguous(), right=True)]


def emd(u_values, v_values, u_weights=None, v_weights=None):
    F, G = ecdf(u_values, u_weights), ecdf(v_values, v_weights)
    everywhere = torch.cat([u_values, v_values])
    return torch.amax(torch.abs(F(everywhere) - G(everywhere)))
