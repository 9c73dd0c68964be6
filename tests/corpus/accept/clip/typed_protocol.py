from __future__ import annotations

from typing import Final, NamedTuple, TypeAlias

import torch
from torch import Tensor

Scale: TypeAlias = "float | Tensor"
HALF: Final[float] = 0.5


class Sides(NamedTuple):
    image: Tensor
    text: Tensor

    @property
    def mean(self) -> Tensor:
        return HALF * self.image + HALF * self.text


def _validate(image: Tensor, text: Tensor, scale: Scale) -> None:
    if image.ndim != 2:
        raise ValueError(f"image_features must be (N, D), got {tuple(image.shape)}")
    if text.shape != image.shape:
        raise ValueError(f"text_features must be {tuple(image.shape)}, got {tuple(text.shape)}")
    if isinstance(scale, Tensor) and scale.ndim != 0:
        raise ValueError("logit_scale must be a float or a 0-dim tensor")


def clip_loss(image_features: Tensor, text_features: Tensor, logit_scale: Scale) -> Tensor:
    _validate(image_features, text_features, logit_scale)
    unit_image: Tensor = image_features / torch.linalg.norm(image_features, dim=1, keepdim=True)
    unit_text: Tensor = text_features / torch.linalg.norm(text_features, dim=1, keepdim=True)
    logits: Tensor = logit_scale * unit_image @ unit_text.T
    sides = Sides(
        image=(logits.logsumexp(1) - logits.diagonal()).mean(),
        text=(logits.logsumexp(0) - logits.diagonal()).mean(),
    )
    return sides.mean
