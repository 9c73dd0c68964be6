"""The corpus of bce is what its table says: accepted files are right, rejected ones wrong where they are said to be."""

from __future__ import annotations

import pytest
import torch
from probability_corpus import CORPUS, Edge, Oracle, faults, files, load, table

TABLE = table("bce")
NOT_SEEN_HERE = {"device", "originality", "efficiency"}


def draw(shape, low, high, soft, seed):
    generator = torch.Generator().manual_seed(seed)
    p = torch.rand(shape, generator=generator, dtype=torch.float64) * (high - low) + low
    t = torch.rand(shape, generator=generator, dtype=torch.float64)
    return p, t if soft else t.round()


def strided(pair):
    return tuple(torch.stack((x, torch.full_like(x, 0.123)), dim=-1)[..., 0] for x in pair)


def transposed(pair):
    return tuple(x.transpose(0, -1) for x in pair)


def constant(p, t, shape=(2, 3)):
    return torch.full(shape, p, dtype=torch.float64), torch.full(shape, t, dtype=torch.float64)


SHAPES = [(), (1,), (7,), (3, 4), (1, 1), (2, 3, 4), (2, 1, 3, 2)]
MIXED = torch.tensor([[0.0, 1.0, 0.0], [1.0, 0.5, 0.0]]), torch.tensor([[0.0, 1.0, 1.0], [0.0, 0.5, 0.25]])
ORACLE = Oracle(
    name="bce",
    value=torch.nn.functional.binary_cross_entropy,
    ordinary=[
        *(draw(shape, 0.05, 0.95, soft, seed) for seed, shape in enumerate(SHAPES) for soft in (True, False)),
        strided(draw((4, 6), 0.05, 0.95, True, 90)),
        transposed(draw((4, 6), 0.05, 0.95, True, 91)),
        strided(draw((9,), 0.05, 0.95, False, 92)),
        # Not 0.5: the usual stable form of the logit has its kink there.
        constant(0.48, 0.3),
    ],
    large=draw((1100,), 0.05, 0.95, True, 89),
    near_edge=[
        *(draw((5, 3), low, high, soft, 30) for low, high in ((1e-4, 1e-3), (0.999, 0.9999)) for soft in (True, False)),
        *(constant(p, t) for p in (1e-4, 1 - 1e-4) for t in (0.0, 1.0, 0.3)),
    ],
    edges=[
        *(
            Edge(constant(p, t, shape), abs(p - t))
            for p in (0.0, 1.0)
            for t in (0.0, 0.25, 1.0)
            for shape in ((), (2, 3))
        ),
        Edge((MIXED[0].double(), MIXED[1].double()), 2.25 / 6),
    ],
    misfits=[
        (torch.full(a, 0.4, dtype=torch.float64), torch.full(b, 1.0, dtype=torch.float64))
        for a, b in [
            ((3,), (3, 1)),
            ((3,), (1, 3)),
            ((3,), (1,)),
            ((1,), (3,)),
            ((3,), ()),
            ((), (3,)),
            ((), (1,)),
            ((4,), (3,)),
            ((3, 4), (4,)),
            ((2, 3), (3, 2)),
            ((2, 6), (12,)),
            ((3, 4), (3, 1)),
            ((3, 4), (1, 4)),
            ((1, 3, 4), (3, 4)),
        ]
    ],
)


def test_every_file_is_in_the_table_and_every_row_has_its_file():
    for kind, least in (("accept", 20), ("reject", 35)):
        assert files(kind, "bce") == sorted(TABLE[kind]), kind
        assert len(TABLE[kind]) >= least


@pytest.mark.parametrize("name", files("accept", "bce"))
def test_accepted_files_are_right(name):
    assert faults(load(CORPUS / "accept" / "bce" / name, "bce"), ORACLE) == {}


@pytest.mark.parametrize("name", files("reject", "bce"))
def test_rejected_files_are_wrong_where_the_table_says(name):
    checks = set(TABLE["reject"][name]["checks"])
    if "load" in checks:
        with pytest.raises((LookupError, TypeError)):
            load(CORPUS / "reject" / "bce" / name, "bce")(torch.tensor(0.5), torch.tensor(1.0))
        return
    found = faults(load(CORPUS / "reject" / "bce" / name, "bce"), ORACLE)
    assert checks - NOT_SEEN_HERE <= set(found), found
    assert found or checks & NOT_SEEN_HERE
