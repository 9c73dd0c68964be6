from __future__ import annotations

import dataclasses
import enum
from typing import ClassVar

import torch


class Reduction(enum.Enum):
    MEAN = "mean"
    SUM = "sum"

    def apply(self, losses: torch.Tensor) -> torch.Tensor:
        return losses.mean() if self is Reduction.MEAN else losses.sum()


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class CrossEntropy:
    RANK: ClassVar[int] = 2
    reduction: Reduction = Reduction.MEAN
    floor: float = 1e-12

    def __call__(self, p: torch.Tensor, t: torch.Tensor) -> torch.Tensor:
        if p.dim() != self.RANK or p.shape != t.shape:
            raise ValueError(f"{tuple(p.shape)} against {tuple(t.shape)}")
        return self.reduction.apply((t * -torch.log(torch.clamp_min(p, self.floor))).sum(1))


cce = CrossEntropy()
