"""Notebooks: which cells there are, and that only what is Python is left in them, line for line."""

from __future__ import annotations

import ast
import json

import nbformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from IPython.core.inputtransformer2 import TransformerManager

from grader.notebook import NotANotebook, cells, plain_python


def notebook(*sources: str, **more: object) -> str:
    return json.dumps({"nbformat": 4, "cells": [{"cell_type": "code", "source": source} for source in sources], **more})


def test_code_cells_in_file_order() -> None:
    book = nbformat.v4.new_notebook(
        cells=[
            nbformat.v4.new_markdown_cell("# title"),
            nbformat.v4.new_code_cell("a = 1"),
            nbformat.v4.new_raw_cell("raw"),
            nbformat.v4.new_code_cell(""),
            nbformat.v4.new_code_cell("b = 2\nc = 3"),
        ]
    )
    assert [(cell.name, cell.source) for cell in cells(nbformat.writes(book))] == [
        ("cell 1", "a = 1"),
        ("cell 2", ""),
        ("cell 3", "b = 2\nc = 3"),
    ]


def test_older_formats_are_upgraded() -> None:
    code = {"cell_type": "code", "input": ["a = 1\n", "b = 2"], "language": "python", "outputs": []}
    old = {"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": [{"cells": [code]}]}
    assert [cell.source for cell in cells(json.dumps(old))] == ["a = 1\nb = 2"]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "line 1, column 1"),
        ("{\n  'cells': []}", "line 2, column 3"),
        ("[]", 'no whole number under "nbformat"'),
        ('{"nbformat": 4}', 'no list under "cells"'),
        ('{"nbformat": 5, "cells": []}', "newer than 4"),
        ('{"nbformat": 2}', "cannot be upgraded"),
        ('{"nbformat": 4, "cells": [3]}', 'entry 1 of "cells" is no cell'),
        ('{"nbformat": 4, "cells": [{"cell_type": "code", "source": [1]}]}', "the source of entry 1 is no text"),
        ("[" * 200_000, "cannot be read"),
        ('{"nbformat": ' + "9" * 10_000 + "}", "cannot be read"),
    ],
)
def test_what_is_no_notebook_is_said_in_a_sentence(text: str, sentence: str) -> None:
    with pytest.raises(NotANotebook) as caught:
        cells(text)
    assert sentence in str(caught.value)


@pytest.mark.parametrize(
    ("source", "python"),
    [
        ("%matplotlib inline\nx = 1", "None\nx = 1"),
        ("!pip install torch\nx = 1", "None\nx = 1"),
        ("!!ls", "None"),
        ("%pip install torch", "None"),
        ("x = %time f()", "x = None"),
        ("files = !ls", "files = []"),
        ("here: str = %pwd", "here: str = None"),
        ("names['=%s'] = !ls", "names['=%s'] = []"),
        ("for f in [1]:\n    %time g(f)\n    !rm f\n    h(f)", "for f in [1]:\n    None\n    None\n    h(f)"),
        ("!echo a \\\n  b\nx = 1", "None\n\nx = 1"),
        ("bce?", "None"),
        ("bce??\nx = 1", "None\nx = 1"),
        ("?bce", "None"),
        ("%%time\nx = 1", "\nx = 1"),
        ("\n%%capture out\n%%time\n%matplotlib inline\nx = 1", "\n\n\nNone\nx = 1"),
        ("%%bash\nrm -rf /\n", "\n\n"),
        ("%%writefile bce.py\nx = 1", "\n"),
        ("%%html\n<b>?</b>", "\n"),
        ("%%timeit\nx = 1", "\n"),
        ("%%nobody_knows\nx = 1", "\n"),
    ],
)
def test_what_only_ipython_understands_is_set_aside(source: str, python: str) -> None:
    assert plain_python(source) == python


@pytest.mark.parametrize(
    "source",
    [
        'x = """\n%time in a string\n!ls\nwhat?\n"""',
        "x = (1\n  % 2)",
        "x = a \\\n  % b",
        "x = [\n  'a',  # why?\n]",
        "# really?",
        'print("really?")',
        "y = x  # what is x?",
        "if a != b: pass",
        "x = f'{a!r}'",
        "def f(x):\n    '''Is it?\n    % yes\n    '''\n    return x % 2",
        "s = 'a\\'%b'",
        "@decorator\ndef f(): ...",
        "r'''\\'''\nx = 1",
        "x = y == 'z'  ; w = 1",
        'print("p=%s" % p)',
        "plt.title('N=%d' % n)",
        'print("a =!", "b=%f" % b)',
        "show(label='x=%d' % 3)  # x = %time",
        "names['n=%d' % 3] = 1",
        "s == '%d'",
        "s += '= %d'",
    ],
)
def test_python_is_left_alone(source: str) -> None:
    assert plain_python(source) == source


LINES = st.sampled_from(
    [
        "x = 1",
        "%matplotlib inline",
        "!ls -l",
        "y = %time x",
        "z = !ls",
        "x?",
        "if x:",
        "    %time x",
        "    y = 2",
        "a = (1,\n  %d)",
        "'''\n%time x\n!ls\nx?\n'''",
        "b = 3 \\\n  % 4",
        "# ?",
        "",
        "c = 'x?'",
        "f'{x!r}'",
        "print('x=%d' % 3)",
        "d['=!a'] = %time x",
    ]
)


@settings(max_examples=300, deadline=None)
@given(st.lists(LINES, max_size=8))
def test_agrees_with_ipython_on_what_is_python(lines: list[str]) -> None:
    """As many lines as the author sees, and valid Python wherever IPython makes valid Python of it."""
    source = "\n".join(lines)
    python = plain_python(source)
    assert python.count("\n") == source.count("\n")
    try:
        ast.parse(TransformerManager().transform_cell(source))
    except SyntaxError:
        return
    ast.parse(python)
