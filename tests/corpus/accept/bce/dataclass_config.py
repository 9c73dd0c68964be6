from __future__ import annotations

from dataclasses import dataclass, field

import torch
from torch import Tensor


@dataclass(frozen=True)
class Config:
    eps: float = 1e-7
    notes: list[str] = field(default_factory=list)


@dataclass
class Loss:
    config: Config = Config()

    def __call__(self, p: Tensor, t: Tensor) -> Tensor:
        if p.shape != t.shape:
            raise ValueError(f"p is {tuple(p.shape)}, t is {tuple(t.shape)}")
        eps = self.config.eps
        return torch.mean(self._surprise(p.clamp(eps, 1 - eps), t))

    @staticmethod
    def _surprise(p: Tensor, t: Tensor) -> Tensor:
        return -(t * p.log() + (1 - t) * (1 - p).log())


bce = Loss()
