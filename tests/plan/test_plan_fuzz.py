"""Whatever bytes stand in `weeks/`: a plan, or mistakes with places, and nothing else."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from team_folder import TEAM, WEEK

from grader.errors import PlanError
from grader.plan import load_plan

LINE = re.compile(r"weeks(?:/[^:\n]+)?:[1-9]\d*:[1-9]\d*: \S.*|… and \d+ more")

SNIPPETS = [b"\t", b"- ", b": ", b"[", b"]", b"{", b"}", b"&a ", b"*a", b"!!str ", b"!", b"|", b">", b"#", b"'", b'"']
SNIPPETS += [
    b"\n",
    b"---\n",
    b"...\n",
    b"? ",
    b"<<: ",
    b"\xff",
    b"\x00",
    b"\xef\xbb\xbf",
    b"~",
    b".nan",
    b"{a: [",
    b"%",
]
SNIPPETS += ["손".encode(), b"\xc2\x85", b"\xe2\x80\xa8", b"null", b"1e999", b"9" * 400, b"2024-02-31", b"@", b"`"]


@st.composite
def spoiled(draw: st.DrawFn, text: str) -> bytes:
    """A sound file after a few small accidents: cut, doubled, or with something typed in between."""
    raw = text.encode()
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(raw)))
        end = draw(st.integers(start, min(len(raw), start + 12)))
        typed = draw(st.one_of(st.sampled_from(SNIPPETS), st.just(raw[start:end] * 2), st.binary(max_size=4)))
        raw = raw[:start] + typed + raw[end:]
    return raw


def judged(team: bytes, week: bytes) -> None:
    """Load, and hold the outcome to its form."""
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        (root / "weeks").mkdir()
        (root / "weeks" / "team.yml").write_bytes(team)
        (root / "weeks" / "week01.yml").write_bytes(week)
        try:
            plan = load_plan(root)
        except PlanError as error:
            lines = str(error).split("\n")
            assert lines == sorted(set(lines), key=lines.index)
            for line in lines:
                assert LINE.fullmatch(line), line
                assert line.isprintable(), line
        else:
            for item in plan.weeks[0].assignments:
                assert plan.due_at(plan.weeks[0], item).tzinfo is not None


@settings(max_examples=300, deadline=None)
@given(spoiled(WEEK))
def test_a_spoiled_week_gives_places_and_no_traceback(week: bytes) -> None:
    judged(TEAM.encode(), week)


@settings(max_examples=200, deadline=None)
@given(spoiled(TEAM))
def test_a_spoiled_team_gives_places_and_no_traceback(team: bytes) -> None:
    judged(team, WEEK.encode())


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_give_places_and_no_traceback(raw: bytes) -> None:
    judged(raw, raw)


def structures() -> st.SearchStrategy[object]:
    scalars = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8))
    keys = st.one_of(st.sampled_from(["number", "assignments", "member", "loss", "due", "points", "meetings", "stub"]))
    return st.recursive(
        scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=4), max_leaves=12
    )


@settings(max_examples=100, deadline=None)
@given(st.dictionaries(st.sampled_from(["number", "assignments", "meetings", "title", "ends"]), structures()))
def test_sound_yaml_of_any_shape_gives_places_and_no_traceback(data: dict[str, object]) -> None:
    judged(TEAM.encode(), yaml.safe_dump(data, allow_unicode=True).encode("utf-8", "surrogatepass"))
