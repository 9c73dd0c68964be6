"""Grade every accepted file of the corpus with many seeds: `python -m tests.seeds --seeds 300`.

Value and gradient are the checks that compare drawn inputs. They run in this process, without a sandbox, because only
the verdict counts here. One line a rejection; the last line has the counts. Exit status 1 if there was any rejection.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
import time
import warnings
from collections.abc import Iterator
from pathlib import Path

import torch

import grader.checks.cases
from grader import submission
from grader.losses import get, ids
from tests.checks.inprocess import InProcess

CORPUS = Path(__file__).parent / "corpus" / "accept"
CHECKS = ("value", "gradient")
CHUNK = 25


def files(loss: str, only: str) -> list[Path]:
    """The accepted files of a loss whose name has `only` in it."""
    return sorted(path for path in (CORPUS / loss).iterdir() if path.suffix in (".py", ".ipynb") and only in path.name)


@contextlib.contextmanager
def silence() -> Iterator[None]:
    """Nothing that a submission prints belongs between the rejections."""
    with (
        Path(os.devnull).open("w", encoding="utf-8") as nowhere,
        contextlib.redirect_stdout(nowhere),
        contextlib.redirect_stderr(nowhere),
    ):
        yield


def rejections(loss_id: str, only: str, seeds: range) -> Iterator[tuple[Path, int, str, str]]:
    """(file, seed, check, message) for each check that did not pass."""
    loss = get(loss_id)
    with silence():
        loaded = {path: InProcess(loss, submission.read(path)) for path in files(loss_id, only)}
    for start in range(seeds.start, seeds.stop, CHUNK):
        for path, graded in loaded.items():
            for seed in range(start, min(start + CHUNK, seeds.stop)):
                with silence():
                    found = {name: graded.check(name, seed=seed) for name in CHECKS}
                for name, finding in found.items():
                    if finding.outcome != "pass":
                        yield path, seed, name, finding.message


def main() -> int:
    """Run and count."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--seeds", type=int, default=300)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--loss", choices=ids(), action="append")
    parser.add_argument("--only", default="", help="files with this in their name")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    warnings.simplefilter("ignore")
    grader.checks.cases.smallest = lambda _examination, failing, _judge, backward: failing[0]
    seeds = range(arguments.first, arguments.first + arguments.seeds)
    count = 0
    for loss in arguments.loss or ids():
        began = time.monotonic()
        for path, seed, name, message in rejections(loss, arguments.only, seeds):
            count += 1
            print(f"{path.name} seed {seed} {name}: {message}", flush=True)
        graded = len(files(loss, arguments.only))
        print(f"{loss}: {graded} files × {len(seeds)} seeds in {time.monotonic() - began:.0f} s", flush=True)
    print(f"{count} rejections")
    return 1 if count else 0


if __name__ == "__main__":
    sys.exit(main())
