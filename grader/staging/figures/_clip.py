"""A toy CLIP: two linear encoders trained with the loss's own gradient.

In plain Python: with a few dozen pairs it is done before NumPy would be imported.
"""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass
from operator import mul

Row = Sequence[float]
Matrix = Sequence[Row]

SCALE = 1 / 0.07
"""Where the paper's learned multiplier starts (arXiv:2103.00020, section 2.5); held fixed here."""


@dataclass(frozen=True)
class Toy:
    """Cosines between held-out images (rows) and texts (columns), and the training loss at each step."""

    before: Matrix
    after: Matrix
    losses: tuple[float, ...]


def dot(left: Row, right: Row) -> float:
    """The inner product of two rows."""
    total: float = sum(map(mul, left, right))
    return total


def product(left: Matrix, right: Matrix) -> list[list[float]]:
    """The matrix product."""
    columns = list(zip(*right, strict=True))
    return [[dot(row, column) for column in columns] for row in left]


def transposed(matrix: Matrix) -> Matrix:
    """Rows as columns."""
    return list(zip(*matrix, strict=True))


def length(row: Row) -> float:
    """The Euclidean one."""
    return math.sqrt(dot(row, row))


def unit(rows: Matrix) -> Matrix:
    """Rows scaled to length 1."""
    lengths = map(length, rows)
    return [[x / size for x in row] for row, size in zip(rows, lengths, strict=True)]


def softmax(logits: Matrix, axis: int) -> Matrix:
    """Along one axis (1: in each row), the largest taken out first."""
    if axis == 0:
        return transposed(softmax(transposed(logits), 1))
    shares = []
    for row in logits:
        largest = max(row)
        powers = [math.exp(logit - largest) for logit in row]
        total = sum(powers)
        shares.append([power / total for power in powers])
    return shares


def cosines(images: Matrix, texts: Matrix) -> Matrix:
    """Of each image (rows) with each text (columns)."""
    return product(unit(images), transposed(unit(texts)))


def loss_and_gradients(images: Matrix, texts: Matrix, scale: float) -> tuple[float, Matrix, Matrix]:
    """The CLIP loss of features (N, D) and (N, D), and its gradients with respect to both."""
    pairs = range(len(images))
    logits = [[scale * cosine for cosine in row] for row in cosines(images, texts)]
    rows, columns = softmax(logits, 1), softmax(logits, 0)
    loss = -sum(math.log(rows[i][i]) + math.log(columns[i][i]) for i in pairs) / (2 * len(images))
    weight = scale / (2 * len(images))
    at_cosines = [[weight * (rows[i][j] + columns[i][j] - 2 * (i == j)) for j in pairs] for i in pairs]
    return (
        loss,
        _through_length(images, product(at_cosines, unit(texts))),
        _through_length(texts, product(transposed(at_cosines), unit(images))),
    )


def _through_length(rows: Matrix, gradients: Matrix) -> Matrix:
    """The gradient before scaling to length 1: what points along the row falls away."""
    through = []
    for row, gradient in zip(rows, gradients, strict=True):
        size = length(row)
        along = dot(gradient, row) / size**2
        through.append([(g - along * x) / size for g, x in zip(gradient, row, strict=True)])
    return through


def train(pairs: int = 32, shown: int = 5, steps: int = 25, rate: float = 0.5, seed: int = 23) -> Toy:
    """One hidden concept of 8 numbers is seen as an image of 12 and a text of 10; the encoders map both to 8 again.

    With this seed the shown concepts, which are not trained on, happen to lie well apart.
    """
    chance = random.Random(seed)

    def normal(rows: int, columns: int, deviation: float) -> list[list[float]]:
        return [[chance.gauss(0, deviation) for _column in range(columns)] for _row in range(rows)]

    concepts = normal(pairs + shown, 8, 1 / math.sqrt(8))

    def seen_as(size: int) -> Matrix:
        exact, noise = product(concepts, normal(8, size, 1)), normal(pairs + shown, size, 0.1)
        return [[x + e for x, e in zip(*both, strict=True)] for both in zip(exact, noise, strict=True)]

    images, texts = seen_as(12), seen_as(10)
    of_images, of_texts = normal(12, 8, 0.3), normal(10, 8, 0.3)

    def unseen() -> Matrix:
        return cosines(product(images[pairs:], of_images), product(texts[pairs:], of_texts))

    before, losses = unseen(), []
    for _step in range(steps):
        features = product(images[:pairs], of_images), product(texts[:pairs], of_texts)
        loss, at_images, at_texts = loss_and_gradients(*features, SCALE)
        losses.append(loss)
        of_images = _descended(of_images, product(transposed(images[:pairs]), at_images), rate)
        of_texts = _descended(of_texts, product(transposed(texts[:pairs]), at_texts), rate)
    return Toy(before, unseen(), tuple(losses))


def _descended(weights: Matrix, gradients: Matrix, rate: float) -> list[list[float]]:
    return [[w - rate * g for w, g in zip(*rows, strict=True)] for rows in zip(weights, gradients, strict=True)]
