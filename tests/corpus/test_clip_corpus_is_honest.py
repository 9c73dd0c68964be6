"""The corpus of clip is what its table says: accepted files are right, rejected ones wrong where it says so."""

from __future__ import annotations

import pytest
import torch
from feature_corpus import Case, Oracle, faults
from probability_corpus import CORPUS, files, load, table
from torch.nn.functional import cross_entropy

TABLE = table("clip")
NOT_SEEN_HERE = {"device", "originality", "efficiency"}


def symmetric_cross_entropy(image, text, scale):
    image, text = image.div(image.norm(dim=1, keepdim=True)), text.div(text.norm(dim=1, keepdim=True))
    logits = scale * image @ text.T
    labels = torch.arange(len(logits))
    return (cross_entropy(logits, labels) + cross_entropy(logits.T, labels)) / 2


def pair(n, d, seed, apart=1.0):
    """Features whose texts lie around their images; `apart` large makes the match no likelier than the rest."""
    generator = torch.Generator().manual_seed(seed)
    image = torch.randn(n, d, generator=generator, dtype=torch.float64)
    text = image + apart * torch.randn(n, d, generator=generator, dtype=torch.float64)
    lengths = torch.rand(2, n, 1, generator=generator, dtype=torch.float64) * 3 + 0.2
    return image * lengths[0], text * lengths[1]


def tensor(value):
    return torch.tensor(value, dtype=torch.float64)


FIVE = pair(5, 3, 1)
ORTHOGONAL = torch.eye(4, dtype=torch.float64)
ORACLE = Oracle(
    value=symmetric_cross_entropy,
    size=lambda arguments: 1 + float(arguments[2]),
    differentiable=frozenset({0, 1, 2}),
    cases=[
        Case("five pairs", (*FIVE, tensor(7.0))),
        Case("a float for the scale", (*FIVE, 7.0)),
        Case("as many pairs as columns", (*pair(4, 4, 2), tensor(3.0))),
        Case("one pair", (*pair(1, 6, 3), tensor(2.0))),
        Case("one column", (*pair(3, 1, 4), tensor(1.5))),
        Case("two pairs, nothing in common", (*pair(2, 8, 5, apart=50.0), tensor(14.3))),
        Case("a scale below one", (*pair(6, 5, 6), tensor(0.25))),
        Case("a transposed view", (*(x.T.contiguous().T for x in pair(6, 4, 7)), tensor(5.0))),
        Case("a tiny scale", (*pair(3, 5, 10), tensor(0.001))),
        Case("140 pairs", (*pair(140, 6, 11, apart=5.0), tensor(10.0))),
        Case("forty pairs", (*pair(40, 16, 8), tensor(20.0))),
        Case("long rows", (FIVE[0] * 300, FIVE[1] * 0.01, tensor(4.0))),
        Case("a sure right answer", (ORTHOGONAL, ORTHOGONAL, tensor(1e4)), check="stability"),
        Case("a sure wrong answer", (ORTHOGONAL, ORTHOGONAL.roll(1, 0), tensor(1e4)), check="stability"),
        Case("opposite", (ORTHOGONAL[:2], -ORTHOGONAL[:2], 1e4), check="stability"),
        Case("one row far below the others", (*pair(5, 4, 9, apart=10.0), tensor(1e4)), check="stability"),
    ],
    misfits=[
        Case(name, (torch.randn(*image, dtype=torch.float64), torch.randn(*text, dtype=torch.float64), 2.0))
        for name, image, text in [
            ("fewer texts", (4, 3), (3, 3)),
            ("one text", (4, 3), (1, 3)),
            ("one image", (1, 3), (4, 3)),
            ("other widths", (4, 3), (4, 2)),
            ("width one", (4, 3), (4, 1)),
            ("vectors", (3,), (3,)),
            ("a vector", (3, 3), (3,)),
            ("three axes", (2, 3, 3), (2, 3, 3)),
            ("transposed", (4, 3), (3, 4)),
        ]
    ]
    + [Case("a scale for each pair", (*FIVE, torch.ones(5, dtype=torch.float64)))],
)


def test_every_file_is_in_the_table_and_every_row_has_its_file():
    for kind, least in (("accept", 20), ("reject", 35)):
        assert files(kind, "clip") == sorted(TABLE[kind]), kind
        assert len(TABLE[kind]) >= least


@pytest.mark.parametrize("name", files("accept", "clip"))
def test_accepted_files_are_right(name):
    assert faults(load(CORPUS / "accept" / "clip" / name, "clip_loss"), ORACLE) == {}


@pytest.mark.parametrize("name", files("reject", "clip"))
def test_rejected_files_are_wrong_where_the_table_says(name):
    """Files that only an accelerator or a look at the source can fault are right in everything else."""
    row = TABLE["reject"][name]
    checks = set(row["checks"])
    if "load" in checks:
        with pytest.raises((LookupError, TypeError)):
            load(CORPUS / "reject" / "clip" / name, "clip_loss")(*FIVE, 1.0)
        return
    found = faults(load(CORPUS / "reject" / "clip" / name, "clip_loss"), ORACLE)
    assert checks - NOT_SEEN_HERE <= set(found), found
    if checks <= NOT_SEEN_HERE or row.get("verdict") == "pass":
        assert set(found) <= checks
