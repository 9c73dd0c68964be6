"""The corpus of emd is what its table says: accepted files are right, rejected ones wrong where it says so."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from feature_corpus import Case, Oracle, faults
from probability_corpus import CORPUS, files, load, table
from scipy.stats import wasserstein_distance

TABLE = table("emd")
NOT_SEEN_HERE = {"device", "originality", "efficiency"}
TWO = torch.tensor([0.0, 1.0], dtype=torch.float64)


class ByScipy(torch.autograd.Function):
    """scipy's value; its gradient from the monotone coupling that the sorted levels of probability give."""

    @staticmethod
    def forward(ctx, u, v, p, q):
        arrays = [None if x is None else x.numpy() for x in (u, v, p, q)]
        u_array, v_array = arrays[:2]
        p_array, q_array = (
            np.ones(len(x)) if w is None else w for x, w in ((u_array, arrays[2]), (v_array, arrays[3]))
        )
        ctx.gradients = coupling_gradient(u_array, v_array, p_array / p_array.sum(), q_array / q_array.sum())
        return torch.tensor(wasserstein_distance(*arrays), dtype=torch.float64)

    @staticmethod
    def backward(ctx, upstream):
        return *(upstream * torch.from_numpy(gradient) for gradient in ctx.gradients), None, None


def coupling_gradient(u, v, p, q):
    """d/du and d/dv of sum γ_ij |u_i − v_j| with γ the north-west corner rule on the sorted positions."""
    gradients = np.zeros(len(u)), np.zeros(len(v))
    earth, holes = list(np.argsort(u)), list(np.argsort(v))
    left, open_ = p.copy(), q.copy()
    while earth and holes:
        i, j = earth[0], holes[0]
        moved = min(left[i], open_[j])
        gradients[0][i] += moved * np.sign(u[i] - v[j])
        gradients[1][j] -= moved * np.sign(u[i] - v[j])
        left[i] -= moved
        open_[j] -= moved
        if left[i] <= 1e-14:
            earth.pop(0)
        if open_[j] <= 1e-14:
            holes.pop(0)
    return gradients


def draw(n, m, seed, weights=(False, False), zero=False, apart=0.5):
    generator = torch.Generator().manual_seed(seed)
    u = torch.randn(n, generator=generator, dtype=torch.float64)
    v = torch.randn(m, generator=generator, dtype=torch.float64) * 1.5 + apart
    p, q = (torch.rand(k, generator=generator, dtype=torch.float64) * 3 + 0.1 for k in (n, m))
    if zero:
        p[::2], q[-1] = 0.0, 0.0
    return u, v, p if weights[0] else None, q if weights[1] else None


def positions(*values):
    return torch.tensor(values, dtype=torch.float64)


def size(arguments):
    return max(float(x.abs().max()) for x in arguments[:2])


ORACLE = Oracle(
    value=ByScipy.apply,
    size=size,
    differentiable=frozenset({0, 1}),
    cases=[
        Case("n = m", draw(6, 6, 1)),
        Case("n < m", draw(4, 7, 2)),
        Case("n > m with both weights", draw(8, 3, 3, (True, True))),
        Case("only u has weights", draw(5, 5, 4, (True, False))),
        Case("only v has weights", draw(3, 6, 5, (False, True))),
        Case("zero weights", draw(6, 4, 6, (True, True), zero=True)),
        Case("one point each", draw(1, 1, 7)),
        Case("one point and many", draw(1, 5, 8)),
        Case("far apart", draw(7, 5, 9, apart=40.0)),
        Case("crossing, same mean", (positions(-1.0, 1.0), positions(-3.0, 3.1), None, None)),
        Case("sixty points", draw(60, 45, 10, (True, True))),
        Case("a strided view", (*(torch.stack([x, -x], 1)[:, 0] for x in draw(5, 7, 11)[:2]), None, None)),
        Case("only v has weights, n = m", draw(4, 4, 12, (False, True))),
        Case("one heap with a weight", draw(1, 4, 13, (True, True))),
        Case("one hole", draw(5, 1, 14, (True, False))),
        Case("hundreds of points", draw(230, 210, 15)),
        Case("whole numbers as weights", (positions(0.3, 1.7), positions(2.0, -5.5), positions(3, 1), positions(2, 6))),
        Case("the same points", (positions(2.0, -1.0, 0.5), positions(0.5, 2.0, -1.0), None, None), "value", ties=True),
        Case("ties", (positions(1.0, 1.0, 2.0, 3.0), positions(1.0, 3.0, 3.0), None, None), "value", ties=True),
        Case("all on one spot", (positions(2.0, 2.0), positions(2.0, 2.0, 2.0), None, None), "value", ties=True),
        Case(
            "heavy ties",
            (positions(0.0, 0.0, 1.0), positions(1.0, 1.0), positions(1, 3, 4), positions(5, 1)),
            ties=True,
        ),
        Case("a million", (positions(-1e6, 1e6, 3.0), positions(1e6, -1e6), None, None), "stability", ties=True),
        Case("a narrow gap far out", (positions(1e6, 1e6 + 4), positions(1e6 + 1, 1e6 + 9), None, None), "stability"),
        Case("huge against small", (positions(-1e6, -9e5), positions(0.1, 0.2, 0.3), None, None), "stability"),
    ],
    misfits=[
        Case("matrices", (torch.ones(2, 3, dtype=torch.float64), torch.zeros(2, 3, dtype=torch.float64), None, None)),
        Case("a row", (torch.ones(1, 3, dtype=torch.float64), torch.zeros(3, dtype=torch.float64), None, None)),
        Case("a column", (torch.ones(3, dtype=torch.float64), torch.zeros(3, 1, dtype=torch.float64), None, None)),
        Case("no axis", (torch.ones((), dtype=torch.float64), torch.zeros(3, dtype=torch.float64), None, None)),
        Case("a weight too many", (TWO, TWO + 1, torch.ones(3, dtype=torch.float64), None)),
        Case("a weight too few", (TWO, positions(1, 2, 3), None, torch.ones(2, dtype=torch.float64))),
        Case("one weight for all", (TWO, TWO + 1, torch.ones(1, dtype=torch.float64), None)),
        Case("no axis of weights", (TWO, TWO + 1, None, torch.ones((), dtype=torch.float64))),
        Case("a row of weights", (TWO, TWO + 1, torch.ones(1, 2, dtype=torch.float64), None)),
        Case("weights swapped", (TWO, positions(1, 2, 3), torch.ones(3).double(), torch.ones(2).double())),
    ],
)


def test_every_file_is_in_the_table_and_every_row_has_its_file():
    for kind, least in (("accept", 20), ("reject", 35)):
        assert files(kind, "emd") == sorted(TABLE[kind]), kind
        assert len(TABLE[kind]) >= least


@pytest.mark.parametrize("name", files("accept", "emd"))
def test_accepted_files_are_right(name):
    assert faults(load(CORPUS / "accept" / "emd" / name, "emd"), ORACLE) == {}


@pytest.mark.parametrize("name", files("reject", "emd"))
def test_rejected_files_are_wrong_where_the_table_says(name):
    """Files that only an accelerator or a look at the source can fault are right in everything else."""
    row = TABLE["reject"][name]
    checks = set(row["checks"])
    if "load" in checks:
        with pytest.raises((LookupError, TypeError)):
            function = load(CORPUS / "reject" / "emd" / name, "emd")
            function(TWO, TWO + 1)
            function(TWO, TWO + 1, None, None)
        return
    found = faults(load(CORPUS / "reject" / "emd" / name, "emd"), ORACLE)
    assert checks - NOT_SEEN_HERE <= set(found), found
    if checks <= NOT_SEEN_HERE or row.get("verdict") == "pass":
        assert set(found) <= checks
