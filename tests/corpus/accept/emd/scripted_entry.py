from typing import Optional

import torch
from torch import Tensor


@torch.jit.script
def emd(u_values: Tensor, v_values: Tensor, u_weights: Optional[Tensor] = None, v_weights: Optional[Tensor] = None) -> Tensor:
    if u_values.dim() != 1 or v_values.dim() != 1:
        raise ValueError("positions must be one-dimensional")
    if u_weights is None:
        u_weights = torch.ones_like(u_values)
    if v_weights is None:
        v_weights = torch.ones_like(v_values)
    if u_weights.dim() != 1 or u_weights.size(0) != u_values.size(0):
        raise ValueError("u_weights")
    if v_weights.dim() != 1 or v_weights.size(0) != v_values.size(0):
        raise ValueError("v_weights")
    mass = torch.cat([u_weights / u_weights.sum(), -(v_weights / v_weights.sum())])
    x, order = torch.sort(torch.cat([u_values, v_values]), 0)
    flow = torch.cumsum(mass[order], 0)
    return (torch.abs(flow[:-1]) * (x[1:] - x[:-1])).sum()
