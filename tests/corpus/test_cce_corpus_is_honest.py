"""The corpus of cce is what its table says: accepted files are right, rejected ones wrong where they are said to be."""

from __future__ import annotations

import pytest
import torch
from probability_corpus import CORPUS, Edge, Oracle, faults, files, load, table

TABLE = table("cce")
NOT_SEEN_HERE = {"device", "originality", "efficiency"}


def cross_entropy(p, t):
    return torch.einsum("nc,nc->", t, p.log()).neg() / p.shape[0]


def draw(n, c, soft, seed, floor=0.02):
    """Rows that sum to 1; no probability is below the floor."""
    generator = torch.Generator().manual_seed(seed)
    p = torch.rand(n, c, generator=generator, dtype=torch.float64)
    p = floor + (1 - c * floor) * p / p.sum(1, keepdim=True)
    t = torch.rand(n, c, generator=generator, dtype=torch.float64) + 1e-3
    if soft:
        return p, t / t.sum(1, keepdim=True)
    return p, torch.nn.functional.one_hot(t.argmax(1), c).double()


def rows(*values):
    return torch.tensor(values, dtype=torch.float64)


def uniform(shape):
    return torch.full(shape, 1 / shape[-1] if shape else 1.0, dtype=torch.float64)


SHAPES = [(1, 3), (4, 4), (3, 7), (7, 3), (5, 2)]
ORACLE = Oracle(
    name="cce",
    value=cross_entropy,
    ordinary=[
        *(draw(n, c, soft, seed) for seed, (n, c) in enumerate(SHAPES) for soft in (True, False)),
    ],
    large=draw(1100, 2, True, 90),
    near_edge=[
        (rows([1e-4, 1 - 1e-4]), rows([1.0, 0.0])),
        (rows([1e-4, 1 - 1e-4]), rows([0.0, 1.0])),
        (rows([1e-4, 0.3, 0.6999], [0.9998, 1e-4, 1e-4]), rows([0.5, 0.5, 0.0], [0.25, 0.25, 0.5])),
        draw(5, 4, True, 30, floor=1e-4),
    ],
    edges=[
        Edge((rows([0, 1, 0]), rows([0, 1, 0])), 0.0),
        Edge((rows([1.0]), rows([1.0])), 0.0),
        Edge((rows([1.0], [1.0], [1.0]), rows([1.0], [1.0], [1.0])), 0.0),
        Edge((rows([0, 1, 0]), rows([1, 0, 0])), 1.0),
        Edge((rows([0, 1, 0], [1, 0, 0]), rows([0, 0, 1], [1, 0, 0])), 0.5),
        Edge((rows([0, 1, 0]), rows([0.25, 0.75, 0])), 0.25),
        Edge((rows([1, 0], [1, 0], [0, 1], [0, 1]), rows([1, 0], [0, 1], [0.5, 0.5], [0, 1])), 1.5 / 4),
    ],
    misfits=[
        (uniform(a), uniform(b))
        for a, b in [
            ((3, 4), (1, 4)),
            ((1, 4), (3, 4)),
            ((3, 4), (3, 1)),
            ((3, 1), (3, 4)),
            ((3, 4), (4,)),
            ((4,), (3, 4)),
            ((3, 4), (3,)),
            ((3, 4), (2, 4)),
            ((3, 4), (3, 5)),
            ((3, 4), (4, 3)),
            ((6, 2), (3, 4)),
            ((3, 3), (3,)),
            ((1, 1), (1,)),
            ((3, 4), ()),
            ((4,), (4,)),
            ((), ()),
            ((1,), (1,)),
            ((2, 3, 4), (2, 3, 4)),
            ((1, 3, 4), (3, 4)),
        ]
    ],
)


def test_every_file_is_in_the_table_and_every_row_has_its_file():
    for kind, least in (("accept", 20), ("reject", 35)):
        assert files(kind, "cce") == sorted(TABLE[kind]), kind
        assert len(TABLE[kind]) >= least


@pytest.mark.parametrize("name", files("accept", "cce"))
def test_accepted_files_are_right(name):
    assert faults(load(CORPUS / "accept" / "cce" / name, "cce"), ORACLE) == {}


@pytest.mark.parametrize("name", files("reject", "cce"))
def test_rejected_files_are_wrong_where_the_table_says(name):
    checks = set(TABLE["reject"][name]["checks"])
    if "load" in checks:
        with pytest.raises((LookupError, TypeError)):
            load(CORPUS / "reject" / "cce" / name, "cce")(torch.tensor([[0.5, 0.5]]), torch.tensor([[1.0, 0.0]]))
        return
    found = faults(load(CORPUS / "reject" / "cce" / name, "cce"), ORACLE)
    assert checks - NOT_SEEN_HERE <= set(found), found
    assert found or checks & NOT_SEEN_HERE
