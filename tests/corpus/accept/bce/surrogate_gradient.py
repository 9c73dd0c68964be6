import torch


def bce(p, t):
    """The value without a graph, and a linear surrogate of value 0 that has the gradient worked out on paper."""
    if p.shape != t.shape:
        raise ValueError("shapes differ")
    with torch.no_grad():
        q = p.clamp(1e-7, 1 - 1e-7)
        value = -(t * q.log() + (1 - t) * (1 - q).log()).mean()
        slope = (q - t) / (q * (1 - q)) / p.numel()
    linear = (slope * p).sum()
    return value + (linear - linear.detach())
