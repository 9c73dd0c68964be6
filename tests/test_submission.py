"""Reading a submission: what is text, what is not, and that nothing on disk can hold the reader up."""

from __future__ import annotations

import hashlib
import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from grader.submission import LARGEST, SubmissionUnreadable, read

RIGHT = "def bce(p, t):\n    return p\n"


def test_a_file_is_one_cell_named_after_it(tmp_path: Path) -> None:
    path = tmp_path / "bce.py"
    path.write_text(RIGHT)
    source = read(path, "hand/in/bce.py")
    assert (source.file, source.notebook) == ("hand/in/bce.py", False)
    assert [(cell.name, cell.source) for cell in source.cells] == [("bce.py", RIGHT)]
    assert source.sha256 == hashlib.sha256(RIGHT.encode()).hexdigest()


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"\xef\xbb\xbfx = 1\n", "x = 1\n"),
        ("# coding: cp949\nx = '손실'\n".encode("cp949"), "# coding: cp949\nx = '손실'\n"),
        (
            b"#!/usr/bin/python\n# -*- coding: latin-1 -*-\nx = '\xe9'\n",
            "#!/usr/bin/python\n# -*- coding: latin-1 -*-\nx = 'é'\n",
        ),
        (b"x = 1\r\ny = 2\rz = 3\n", "x = 1\ny = 2\nz = 3\n"),
        (b"", ""),
    ],
    ids=["byte order mark", "cp949", "declaration in line 2", "line ends", "empty"],
)
def test_text_is_what_python_itself_would_read(tmp_path: Path, data: bytes, text: str) -> None:
    path = tmp_path / "a.py"
    path.write_bytes(data)
    assert read(path).cells[0].source == text


def make_socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (Path.mkdir, "is a directory"),
        (os.mkfifo, "is a pipe or a device"),
        (lambda path: path.symlink_to("/dev/zero"), "is a pipe or a device"),
        (lambda path: path.symlink_to("nowhere"), "is a link to a file that is not there"),
        (lambda path: path.symlink_to(path), "cannot be opened: Too many levels of symbolic links"),
        (make_socket, "cannot be opened"),
        (lambda path: path.write_bytes(b"#" * (LARGEST + 1)), "has 4.0 MiB, limit 4 MiB"),
        (lambda path: path.write_bytes(b"x = 1\n\0"), "has a NUL byte in line 2"),
        (lambda path: path.write_bytes(b"x = 1\ny = '\xff'\n"), "line 2: the byte 0xff is not utf-8 text"),
        (lambda path: path.write_bytes(b"# coding: klingon\n"), "declares an encoding that Python does not know"),
        (lambda path: path.write_bytes(b"# coding: base64\n"), "declares the encoding base64"),
        (lambda path: path.write_bytes(b"# coding: punycode\n" + b"a" * 4_000_000), "declares the encoding punycode"),
    ],
)
def test_what_is_no_submission_is_said_in_a_sentence(
    tmp_path: Path, make: Callable[[Path], object], sentence: str
) -> None:
    path = tmp_path / "bce.py"
    make(path)
    with pytest.raises(SubmissionUnreadable) as caught:
        read(path)
    assert sentence in str(caught.value)
    assert not caught.value.missing


def test_no_file_is_missing_and_nothing_else_is(tmp_path: Path) -> None:
    with pytest.raises(SubmissionUnreadable) as caught:
        read(tmp_path / "bce.py")
    assert caught.value.missing


def test_a_broken_line_is_named_and_the_digest_kept(tmp_path: Path) -> None:
    path = tmp_path / "a.ipynb"
    path.write_text('{"cells": [],\n "nbformat": }')
    with pytest.raises(SubmissionUnreadable) as caught:
        read(path)
    where = caught.value.where
    assert where is not None
    assert (where.cell, where.line, where.column) == ("a.ipynb", 2, 14)
    assert caught.value.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


def test_names_of_any_bytes_and_suffixes_of_any_case(tmp_path: Path) -> None:
    name = os.fsdecode(b"\xff\xfe.IPYNB")
    try:
        (tmp_path / name).write_text('{"nbformat": 4, "cells": []}')
    except OSError:
        pytest.skip("this file system takes no such name")
    source = read(tmp_path / name, name)
    assert source.notebook
    assert source.file == name
