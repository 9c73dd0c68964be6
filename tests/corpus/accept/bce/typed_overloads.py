from __future__ import annotations

from typing import Final, NamedTuple, Protocol, TypeAlias

import torch

Probability: TypeAlias = "torch.Tensor"
EPS: Final[float] = 1e-7


class Reduction(Protocol):
    def __call__(self, losses: torch.Tensor, /) -> torch.Tensor: ...


class Terms(NamedTuple):
    positive: torch.Tensor
    negative: torch.Tensor

    def combine(self) -> torch.Tensor:
        return self.positive + self.negative


def terms(p: Probability, t: Probability) -> Terms:
    return Terms(positive=-t * p.log(), negative=-(1 - t) * torch.log1p(-p))


def bce(p: Probability, t: Probability, /, reduction: Reduction = torch.mean) -> torch.Tensor:
    match p.shape == t.shape:
        case False:
            raise ValueError(f"{p.shape=} {t.shape=}")
        case True:
            return reduction(terms(p.clamp(EPS, 1 - EPS), t).combine())
