from __future__ import annotations

from dataclasses import dataclass, field

import torch
from torch import Tensor


@dataclass(frozen=True)
class ClipLoss:
    image_weight: float = 0.5
    text_weight: float = 0.5
    axes: tuple[int, ...] = field(default=(1, 0))

    def __post_init__(self) -> None:
        if abs(self.image_weight + self.text_weight - 1) > 1e-9:
            raise ValueError("weights must sum to one")

    def logits(self, image: Tensor, text: Tensor, scale: Tensor | float) -> Tensor:
        return scale * torch.nn.functional.normalize(image) @ torch.nn.functional.normalize(text).T

    def __call__(self, image: Tensor, text: Tensor, scale: Tensor | float) -> Tensor:
        match (tuple(image.shape), tuple(text.shape)):
            case ((n, d), (m, e)) if n == m and d == e:
                pass
            case shapes:
                raise ValueError(f"expected two (N, D) tensors, got {shapes}")
        if isinstance(scale, Tensor) and scale.shape != torch.Size([]):
            raise ValueError("scale must be 0-dimensional")
        logits = self.logits(image, text, scale)
        image_loss, text_loss = (-logits.log_softmax(axis).diagonal().mean() for axis in self.axes)
        return self.image_weight * image_loss + self.text_weight * text_loss


clip_loss = ClipLoss()
