"""What the jail lets an honest submission do, and which files it shuts."""

from __future__ import annotations

from pathlib import Path

import pytest
from bce_calls import RIGHT, batch, right, source

from grader.sandbox import Sandbox, Session, policy

HONEST = {
    "silences": "import os, sys\nsys.stderr = open(os.devnull, 'w')\nprint('unheard', file=sys.stderr)",
    "prints": "import logging, warnings\nlogging.warning('a')\nwarnings.warn('b')",
    "asks the time": "import datetime as d, zoneinfo as z\nd.datetime.now(z.ZoneInfo('Asia/Seoul'))",
    "looks around": "import os, sys, platform\nos.getcwd(), os.listdir('.'), os.cpu_count(), platform.platform()",
    "draws": "import secrets, uuid, numpy\nsecrets.token_hex(), uuid.uuid4(), numpy.random.rand()",
    "threads": "from concurrent.futures import ThreadPoolExecutor as P\nassert [*P(4).map(abs, [-1, 2])] == [1, 2]",
    "sets threads": "import torch\ntorch.set_num_threads(4)\n(torch.rand(400, 400) @ torch.rand(400, 400)).exp().sum()",
    "solves": "import torch\ntorch.linalg.svd(torch.rand(50, 50)); torch.fft.fft(torch.rand(64)); torch.rand(9).sort()",
    "imports late": "import decimal, fractions, statistics, sqlite3, xml.etree.ElementTree, unittest, asyncio, ctypes",
    "imports torch late": "import torch.utils.data, torch.distributions, torch.nn.utils.parametrize, torch.optim",
    "reads itself": "import inspect\ndef f(): pass\nassert 'def f' in inspect.getsource(f)",
    "opens itself": "assert 'opens itself' in open(__file__, encoding='utf-8').read()",
    "is imported by itself": "import inspect, sys\nassert 'inspect' in inspect.getsource(sys.modules[__name__])",
    "scripts": "import torch\n@torch.jit.script\ndef f(x: torch.Tensor):\n    return x * 2\nf(torch.ones(2))",
    "times out by itself": "import signal as s\ns.signal(s.SIGALRM, lambda *a: None)\ns.alarm(1)\ns.alarm(0)",
    "counts memory": "import resource, tracemalloc\nresource.getrusage(resource.RUSAGE_SELF)\ntracemalloc.start()",
    "pipes to itself": "import os\nr, w = os.pipe()\nos.write(w, b'x')\nassert os.read(r, 1) == b'x'",
}


def loads_and_is_right(session: Session) -> None:
    assert session.loaded.found, session.loaded.problem
    asked = batch()
    assert right(asked, session.run(asked))


@pytest.mark.parametrize("name", HONEST)
def test_honest_code_runs_in_the_jail(name: str, confined: Sandbox) -> None:
    with confined.open(source(HONEST[name] + "\n" + RIGHT), "bce") as session:
        loads_and_is_right(session)


COMPILED = {
    "function": "bce = torch.compile(bce)",
    "with options": "bce = torch.compile(bce, fullgraph=True, dynamic=False, mode='max-autotune')",
    "decorator": "@torch.compile\ndef inner(p, t): return plain(p, t)",
    "decorator with options": "@torch.compile(fullgraph=True, backend='inductor')\ndef inner(p, t): return plain(p, t)",
    "module": "m = torch.nn.Module(); m.forward = plain; m.compile()\ndef inner(p, t): return m(p, t)",
}


@pytest.mark.parametrize("way", COMPILED)
def test_what_is_compiled_runs_as_it_is(way: str, confined: Sandbox) -> None:
    text = f"import torch\n{RIGHT}\nplain = inner = bce\n{COMPILED[way]}\nbce = bce if inner is plain else inner\n"
    with confined.open(source(text), "bce") as session:
        loads_and_is_right(session)


LISTS_OTHERS = """
import os
from pathlib import Path

FOUND = []
for folder in (Path(__file__).parent, Path(__file__).parent.parent):
    try:
        FOUND += os.listdir(folder)
    except PermissionError:
        pass
try:
    Path(__file__).write_text("")
    FOUND.append("written")
except OSError:
    pass
"""
ONLY_ITSELF = "assert not FOUND, FOUND\nassert Path(__file__).name == 'mine.py' and Path(__file__).read_text()\n"


def test_a_submission_reads_its_own_file_and_finds_no_other(confined: Sandbox) -> None:
    with (
        confined.open(source(RIGHT, "another.py"), "bce"),
        confined.open(source(LISTS_OTHERS + ONLY_ITSELF + RIGHT, "mine.py"), "bce") as session,
    ):
        loads_and_is_right(session)


def test_a_secret_source_is_no_file_and_no_file_outlives_its_submission(confined: Sandbox) -> None:
    told = "print(__file__)\nimport os; print(os.path.exists(__file__))\n" + RIGHT
    with confined.open(source(told, "mine.py"), "bce", secret=True) as session:
        assert session.output.text.split() == ["mine.py", "False"]
    with confined.open(source(told, "mine.py"), "bce") as session:
        path, there = session.output.text.split()
        assert there == "True" and Path(path).is_file()
    assert not Path(path).parent.exists()


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for name in ("packages/torch/nn", "packages/grader/losses", "packages/numpy", "other"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "packages" / "grader.pth").touch()
    (tmp_path / "packages" / "six.py").touch()
    (tmp_path / "packages" / "away").symlink_to(tmp_path / "other")
    return tmp_path


@pytest.mark.parametrize(
    ("hidden", "allowed"),
    [
        ([], {"packages": True}),
        (["other"], {"packages": True}),
        # A repository that holds its own environment: hidden as a whole, its packages are allowed all the same.
        (["."], {"packages": True}),
        (["packages"], {"packages": True}),
        # The package beside the others, as when it is installed and not linked; a link leads nowhere.
        (
            ["packages/grader", "packages/grader.pth"],
            {"packages": False, "packages/numpy": True, "packages/six.py": True, "packages/torch": True},
        ),
        (
            ["packages/torch/nn"],
            {
                "packages": False,
                "packages/grader": True,
                "packages/grader.pth": True,
                "packages/numpy": True,
                "packages/six.py": True,
                "packages/torch": False,
            },
        ),
    ],
)
def test_allowed_folders_lose_exactly_what_is_hidden(tree: Path, hidden: list[str], allowed: dict[str, bool]) -> None:
    found = policy.without([tree / "packages"], [(tree / name).resolve() for name in hidden])
    assert {str(Path(path).relative_to(tree)): whole for path, whole in found} == allowed


def test_the_grader_is_in_no_allowed_folder() -> None:
    package = Path(policy.__file__).parent.parent
    allowed = policy.without(policy.readable_folders(), policy.hidden_paths(package, Path.cwd()))
    whole = [Path(path) for path, all_of_it in allowed if all_of_it]
    assert whole and not any(package.is_relative_to(path) or path.is_relative_to(package) for path in whole)


def test_no_system_call_is_listed_twice() -> None:
    names = " ".join(policy.ALLOWED.values()).split()
    assert len(names) == len(set(names))
    assert not {condition.call for condition in policy.conditions()} & set(names)
    assert not set(policy.MISSING) & set(names)
