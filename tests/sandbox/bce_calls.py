"""Submissions of `bce` as text, calls as the grader makes them, and what is right, by numpy."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np

from grader.calls import Answer, Batch, Call, Cell, Source, tensors
from grader.sandbox import Limits

RIGHT = """
def bce(probabilities, targets):
    kept = probabilities.clamp(1e-12, 1 - 1e-12)
    return -(targets * kept.log() + (1 - targets) * (1 - kept).log()).mean()
"""
SHORT = Limits(check_seconds=1.0, submission_seconds=10, memory_bytes=512 * 2**20, output_bytes=64 * 2**10)


def source(text: str, file: str = "submission.py") -> Source:
    """A submission of one cell."""
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    return Source(file, digest, (Cell(Path(file).name, text),))


def batch(calls: int = 2, size: int = 6) -> Batch:
    """Calls of `bce` as the grader makes them."""
    random = np.random.default_rng(20)
    return Batch(
        tuple(
            Call(
                (
                    *tensors(random.uniform(0.05, 0.95, size), requires_grad=True),
                    *tensors(random.uniform(0, 1, size)),
                ),
                upstream=1.0,
            )
            for _ in range(calls)
        )
    )


def expected(asked: Batch) -> list[float]:
    """Right values for `batch`, by numpy."""
    values = []
    for call in asked.calls:
        p, t = (np.asarray(argument.value) for argument in call.arguments)
        values.append(float(-(t * np.log(p) + (1 - t) * np.log(1 - p)).mean()))
    return values


def right(asked: Batch, answers: list[Answer]) -> bool:
    """Every value is the right one, seen from here."""
    return all(
        answer.value is not None and answer.value.shape == () and abs(float(answer.value) - value) < 1e-9
        for answer, value in zip(answers, expected(asked), strict=True)
    )
