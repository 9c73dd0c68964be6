from __future__ import annotations

import abc
import operator
from collections.abc import Callable

import torch


class Loss(abc.ABC):
    """Template method: the shape check and the mean are here, the terms below."""

    registry: dict[str, Callable[..., torch.Tensor]] = {}

    def __init_subclass__(cls, /, name: str, **options: object) -> None:
        super().__init_subclass__(**options)
        cls.registry[name] = cls()

    def __call__(self, p: torch.Tensor, t: torch.Tensor) -> torch.Tensor:
        if p.dim() != 2 or operator.ne(p.shape, t.shape):
            raise ValueError("shapes")
        return self.terms(p, t).sum(-1).mean()

    @abc.abstractmethod
    def terms(self, p: torch.Tensor, t: torch.Tensor) -> torch.Tensor: ...


class Categorical(Loss, name="cce"):
    def terms(self, p: torch.Tensor, t: torch.Tensor) -> torch.Tensor:
        return operator.neg(t) * p.clamp(min=1e-12).log()


globals().update(Loss.registry)
