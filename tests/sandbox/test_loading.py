"""Running a submission's cells: what is found, what is said when it is not, and what a notebook forgives."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest
from runner_calls import answer_of, restored_imports, runner_of, targets

from grader.calls import Batch, Call, Location


@pytest.fixture(autouse=True)
def imports() -> Iterator[None]:
    with restored_imports():
        yield


@pytest.mark.parametrize(
    ("text", "arity", "line"),
    [
        ("def f(a, b): ...", (2, 2), 1),
        ("def f(a, b=None, *, c=1): ...", (1, 2), 1),
        ("def f(*a): ...", (0, None), 1),
        ("import torch\ndef g(a): ...\nf = g", (1, 1), 2),
        ("f = lambda a, b: a", (2, 2), 1),
        ("class F:\n  def __call__(self, a, b): ...\nf = F()", (2, 2), 2),
        ("import torch\nclass F(torch.nn.Module):\n  def forward(self, a, b): ...\nf = F()", None, 3),
        ("from functools import partial\ndef g(a, b, c): ...\nf = partial(g, c=1)", (2, 2), 2),
        (
            (
                "import functools\ndef g(h):\n  @functools.wraps(h)\n  def k(*a): return h(*a)\n"
                "  return k\n@g\ndef f(a, b): ..."
            ),
            (0, None),
            6,
        ),
        ("import torch\n@torch.jit.script\ndef f(a, b): return a + b", (2, 2), None),
        ("import torch\nf = torch.add", None, None),
        ("f = max", None, None),
    ],
)
def test_any_callable_is_an_entry(text: str, arity: tuple[int, int | None] | None, line: int | None) -> None:
    _, loaded = runner_of(text)
    assert loaded.found
    assert arity is None or loaded.arity == arity
    assert (loaded.location and loaded.location.line) == line


@pytest.mark.parametrize(
    ("text", "kind", "message", "line", "column"),
    [
        ("x = 1\nraise ValueError('no')", "ValueError", "no", 2, None),
        ("import nobody_has_this", "ModuleNotFoundError", "No module named 'nobody_has_this'", 1, None),
        ("def f(a:\n  pass", "SyntaxError", "'(' was never closed", 1, 6),
        ("def f():\n\treturn 1\n        return 2", "TabError", "inconsistent use of tabs and spaces", 3, None),
        ("import sys\nsys.exit(3)", "SystemExit", "3", 2, None),
        ("raise KeyboardInterrupt", "KeyboardInterrupt", "", 1, None),
        ("input()", "EOFError", "", 1, None),
        ("def g(n): return g(n)\ng(1)", "RecursionError", "maximum recursion depth exceeded", 1, None),
        (
            "class E(Exception):\n  def __str__(self): raise RuntimeError\nraise E",
            "E",
            "<str() of the exception raised",
            3,
            None,
        ),
        ("raise Exception('x' * 10**7)", "Exception", "x" * 2000, 1, None),
        ("import json\njson.loads('{')", "JSONDecodeError", "Expecting property name", 2, None),
        ("exec('1 +')", "SyntaxError", "invalid syntax", 1, None),
    ],
)
def test_a_file_that_does_not_run_to_its_end(
    text: str, kind: str, message: str, line: int, column: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", open("/dev/null"))  # noqa: SIM115, PTH123
    _, loaded = runner_of(text)
    problem = loaded.problem
    assert not loaded.found
    assert problem is not None
    assert problem.where is not None
    assert (problem.type, problem.where.line) == (kind, line)
    assert column is None or problem.where.column == column
    assert problem.message.startswith(message)
    assert len(problem.message) <= 2000


def test_names_to_suggest_are_the_submissions_own_in_their_order() -> None:
    _, loaded = runner_of(
        "from math import log\nimport torch\nfrom torch import Tensor\n"
        "def ff(): ...\nclass G: ...\nh = G\n_hidden = ff\nnumber = 3\ndef a(): ..."
    )
    assert (loaded.found, loaded.names) == (False, ("ff", "G", "h", "a"))


def test_a_file_is_a_module_that_can_look_at_itself() -> None:
    answer = answer_of(
        "import dataclasses, inspect, sys, torch, typing\n"
        "@dataclasses.dataclass\nclass P:\n  x: 'int' = 1\n"
        "def f(a, b):\n"
        "  assert __name__ == 'submission' and __file__ == 'a.py' and sys.modules[__name__].f is f\n"
        "  assert inspect.getsource(f).startswith('def f(a, b):')\n"
        "  assert typing.get_type_hints(P) == {'x': int}\n"
        "  return torch.tensor(float(P().x))\n"
        "if __name__ == '__main__':\n  raise SystemExit",
        targets(),
        targets(),
    )
    assert (answer.raised, answer.value) == (None, 1.0)


def test_in_a_notebook_a_cell_that_ends_badly_stops_nothing() -> None:
    _, loaded = runner_of(
        "import torch",
        "1 / 0",
        "def f(a): return a",
        "syntax error",
        "import sys; sys.exit(1)",
        "raise KeyboardInterrupt",
        "assert __name__ == '__main__'\ndef f(a, b): return b",
        notebook=True,
    )
    assert (loaded.found, loaded.arity, loaded.location) == (
        True,
        (2, 2),
        Location("cell 7", 2, "def f(a, b): return b"),
    )
    assert [(problem.type, problem.where and problem.where.cell) for problem in loaded.warnings] == [
        ("ZeroDivisionError", "cell 2"),
        ("SyntaxError", "cell 4"),
        ("SystemExit", "cell 5"),
        ("KeyboardInterrupt", "cell 6"),
    ]


def test_in_a_notebook_the_cell_that_should_have_defined_the_entry_is_the_problem() -> None:
    _, loaded = runner_of("1 / 0", "def f(a):\n  return a b", "def g(): ...", notebook=True)
    assert (loaded.found, loaded.names) == (False, ("g",))
    assert loaded.problem is not None
    assert loaded.problem.where == Location("cell 2", 2, "return a b", 12)


def test_in_a_notebook_an_older_definition_stands_when_a_later_one_fails() -> None:
    _, loaded = runner_of("def f(a): ...", "def f(a, b): ... ...", notebook=True)
    assert loaded.found
    assert loaded.arity == (1, 1)


def test_a_future_import_holds_for_later_cells() -> None:
    _, loaded = runner_of("from __future__ import annotations", "def f(a: not_defined): ...", notebook=True)
    assert loaded.found
    assert loaded.warnings == ()


PLOTS = """
import matplotlib.pyplot as plt
fig, ax = plt.subplots()
ax.plot([1], [2], label='$x$')
plt.show()
---
import matplotlib
matplotlib.use('TkAgg')
matplotlib.rcParams['font.family'] = 'NanumGothic'
from matplotlib import pyplot as plt
fig, ((a, b), (c, d)) = plt.subplots(2, 2)
---
from matplotlib import pyplot as plt
fig, axes = plt.subplots(2, 3, figsize=(1, 2))
axes[0, 1].plot(1)
for ax in axes.flat: ax.set_title('x')
assert axes.shape == (2, 3)
---
import matplotlib.pyplot as plt
axes = plt.figure().subplots(1, 2, squeeze=False)
assert axes.shape == (1, 2)
with plt.style.context('dark'):
    line, = plt.plot([1])
    n, bins, patches = plt.hist([1])
    first, *rest = plt.bar([1], [2])
---
import matplotlib.pyplot as plt, numpy as np
for color in plt.cm.viridis(np.linspace(0, 1, 3)): pass
x = -(2 * plt.gcf().get_size_inches()[0] + 1) ** 2
float(x), int(x), abs(x), np.asarray(x) + 1, x < 1
---
import matplotlib.ticker as t
class F(t.Formatter):
    def __call__(self, x): return x
assert F()(1) == 1
---
from mpl_toolkits.mplot3d import Axes3D
import seaborn as sns
sns.set_theme(style='x')
sns.heatmap([[1]], annot=True).figure.dpi = 3
---
from IPython.display import display, HTML, clear_output
clear_output(wait=True)
display(HTML('<b>'))
get_ipython().run_line_magic('x', 'y')
---
display(1)
for line in get_ipython().getoutput('ls'): pass
---
from ipywidgets import interact
@interact(x=(0, 1))
def g(x): ...
@interact
def h(x): return 7
assert h(1) == 7
---
from google.colab import drive
drive.mount('/content')
---
import copy, matplotlib.pyplot as plt
assert not plt.isinteractive()
while plt.waitforbuttonpress(): pass
print(f'{plt.gca():.3f}', plt.gca())
[*plt.gca().lines], len(plt.gca().lines), 1 in plt.gca().lines
copy.deepcopy(plt.gcf())
del plt.rcParams['x']
---
from tqdm import tqdm, trange
assert [n * 2 for n in tqdm(range(3), desc='x', leave=False)] == [0, 2, 4]
assert sum(trange(1, 4)) == 6 and len(tqdm([1, 2])) == 2
with tqdm(total=2) as bar:
    bar.update(1)
    bar.set_postfix(loss=f'{0.5:.2f}')
tqdm.write('x')
---
import tqdm
from tqdm.auto import tqdm as automatic, trange
from tqdm.notebook import tqdm_notebook
bar = tqdm.auto.tqdm(zip('ab', tqdm.trange(2)))
bar.set_description('x')
assert list(bar) == [('a', 0), ('b', 1)] == [*automatic([('a', 0)]), *tqdm_notebook([('b', 1)])]
"""


@pytest.mark.parametrize("cell", PLOTS.split("---"))
def test_plotting_never_hides_a_definition_below_it(cell: str) -> None:
    _, loaded = runner_of(f"{cell}\ndef f(a): return a", notebook=True)
    assert loaded.warnings == ()
    assert loaded.found


def test_real_packages_are_back_afterwards() -> None:
    import matplotlib.pyplot as real

    with restored_imports():
        text = "import matplotlib.pyplot as plt\ndef f(a):\n  import matplotlib.pyplot as again\n  assert again is plt"
        runner, loaded = runner_of(text)
        (answer,) = runner.run(Batch((Call((targets(),)),)))
        assert (loaded.problem, answer.raised) == (None, None)
        assert "matplotlib" not in sys.modules
        import IPython.core.inputtransformer2 as found

        assert found.__file__ is not None
    assert sys.modules["matplotlib.pyplot"] is real
