"""An epsilon that nobody foresaw is read off the answers, and what only looks like one is not named."""

from __future__ import annotations

import pytest
from inprocess import InProcess, source_of

from grader.losses import get

BCE = "import torch\ndef bce(p, t):\n    if p.shape != t.shape: raise ValueError\n    {body}\n"
CCE = "import torch\ndef cce(p, t):\n    if p.dim() != 2 or p.shape != t.shape: raise ValueError\n    {body}\n"


def named(loss: str, body: str) -> str | None:
    text = {"bce": BCE, "cce": CCE}[loss].format(body=body)
    found = InProcess(get(loss), source_of(text)).diagnosis().misconception
    return None if found is None else found.id


@pytest.mark.parametrize(
    ("loss", "body"),
    [
        ("bce", "return -(t * (p + 1.7e-6).log() + (1 - t) * (1 - p + 1.7e-6).log()).mean()"),
        ("bce", "e = torch.finfo(p.dtype).eps; return -(t * (p + e).log() + (1 - t) * (1 - p + e).log()).mean()"),
        ("bce", "x = p.clamp(0.0123, 1 - 0.0123); return -(t * x.log() + (1 - t) * (1 - x).log()).mean()"),
        ("bce", "x = (p + 4e-5) / (1 + 8e-5); return -(t * x.log() + (1 - t) * (1 - x).log()).mean()"),
        ("cce", "return -(t * (p + 7e-8).log()).sum(1).mean()"),
        ("cce", "return -(t * p.clamp(min=1.3e-4).log()).sum(1).mean()"),
        ("cce", "return -(t * p.clamp(1e-9, 0.985).log()).sum(1).mean()"),
    ],
)
def test_any_epsilon_that_shows_is_named(loss: str, body: str) -> None:
    assert named(loss, body) == "visible-epsilon"


@pytest.mark.parametrize(
    ("loss", "body"),
    [
        ("bce", "return -(t * (p + 1e-6).log() + (1 - t) * (1 - p + 1e-4).log()).mean()"),
        ("bce", "return -(t * (p + 2e-6).log() + (1 - t) * (1 - p + 2e-6).log()).sum()"),
        ("bce", "x = p.clamp(1e-7, 1 - 1e-7); return 1e-6 - (t * x.log() + (1 - t) * (1 - x).log()).mean()"),
        ("cce", "return -1.00001 * (t * p.clamp(min=1e-9).log()).sum(1).mean()"),
    ],
    ids=["two of them", "and a sum", "added outside", "a factor"],
)
def test_what_only_looks_like_one_is_not(loss: str, body: str) -> None:
    assert named(loss, body) is None
