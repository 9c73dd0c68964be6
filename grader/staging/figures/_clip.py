"""A toy CLIP: two linear encoders trained with the loss's own gradient, in NumPy."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]

SCALE = 1 / 0.07
"""Where the paper's learned multiplier starts (arXiv:2103.00020, section 2.5); held fixed here."""


@dataclass(frozen=True)
class Toy:
    """Cosines between held-out images (rows) and texts (columns), and the training loss at each step."""

    before: Matrix
    after: Matrix
    losses: tuple[float, ...]


def unit(rows: Matrix) -> Matrix:
    """Rows scaled to length 1."""
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True))


def softmax(logits: Matrix, axis: int) -> Matrix:
    """Along one axis, the largest taken out first."""
    powers = np.exp(logits - logits.max(axis=axis, keepdims=True))
    return np.asarray(powers / powers.sum(axis=axis, keepdims=True))


def loss_and_gradients(images: Matrix, texts: Matrix, scale: float) -> tuple[float, Matrix, Matrix]:
    """The CLIP loss of features (N, D) and (N, D), and its gradients with respect to both."""
    n = len(images)
    image_units, text_units = unit(images), unit(texts)
    logits = scale * image_units @ text_units.T
    rows, columns = softmax(logits, 1), softmax(logits, 0)
    loss = -(np.log(np.diagonal(rows)) + np.log(np.diagonal(columns))).mean() / 2
    at_logits = scale * (rows + columns - 2 * np.eye(n)) / (2 * n)
    return (
        float(loss),
        _through_length(images, image_units, at_logits @ text_units),
        _through_length(texts, text_units, at_logits.T @ image_units),
    )


def _through_length(rows: Matrix, units: Matrix, gradient: Matrix) -> Matrix:
    """The gradient before scaling to length 1: what points along the row falls away."""
    along = (gradient * units).sum(axis=1, keepdims=True)
    return np.asarray((gradient - along * units) / np.linalg.norm(rows, axis=1, keepdims=True))


def train(pairs: int = 128, shown: int = 5, steps: int = 150, rate: float = 0.3, seed: int = 1) -> Toy:
    """One hidden concept of 8 numbers is seen as an image of 16 and a text of 12; the encoders map both to 8 again."""
    rng = np.random.default_rng(seed)
    concepts = rng.normal(size=(pairs + shown, 8)) / np.sqrt(8)
    images = concepts @ rng.normal(size=(8, 16)) + 0.1 * rng.normal(size=(pairs + shown, 16))
    texts = concepts @ rng.normal(size=(8, 12)) + 0.1 * rng.normal(size=(pairs + shown, 12))
    of_images, of_texts = 0.3 * rng.normal(size=(16, 8)), 0.3 * rng.normal(size=(12, 8))

    def cosines() -> Matrix:
        return np.asarray(unit(images[pairs:] @ of_images) @ unit(texts[pairs:] @ of_texts).T)

    before, losses = cosines(), []
    for _step in range(steps):
        loss, at_images, at_texts = loss_and_gradients(images[:pairs] @ of_images, texts[:pairs] @ of_texts, SCALE)
        losses.append(loss)
        of_images -= rate * images[:pairs].T @ at_images
        of_texts -= rate * texts[:pairs].T @ at_texts
    return Toy(before, cosines(), tuple(losses))
