from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor


@dataclass(frozen=True, eq=False)
class Discrete:
    positions: Tensor
    masses: Tensor

    @classmethod
    def of(cls, positions: Tensor, weights: Tensor | None) -> Discrete:
        if positions.ndim != 1:
            raise ValueError("positions must be 1-D")
        if weights is None:
            weights = torch.ones_like(positions)
        elif weights.shape != positions.shape:
            raise ValueError(f"{len(positions)} positions but weights of shape {tuple(weights.shape)}")
        ordered, order = positions.sort()
        return cls(ordered, weights[order] / weights.sum())

    def cdf(self, x: Tensor) -> Tensor:
        """P(X <= x)."""
        count = torch.searchsorted(self.positions.detach(), x.detach(), side="right")
        total = torch.cumsum(self.masses, 0)
        return torch.where(count > 0, total[(count - 1).clamp(min=0)], torch.zeros_like(total[0]))


def emd(u_values: Tensor, v_values: Tensor, u_weights: Tensor | None = None, v_weights: Tensor | None = None) -> Tensor:
    u, v = Discrete.of(u_values, u_weights), Discrete.of(v_values, v_weights)
    x = torch.cat([u.positions, v.positions]).msort()
    steps = (u.cdf(x) - v.cdf(x)).abs()
    return (steps[:-1] * x.diff()).sum()
