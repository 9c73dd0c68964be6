"""When an assignment need not be graded again: nothing that a report depends on is different."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from grader.grading import Options, Task, versions
from grader.messages import language
from grader.tracking.definition import key_of
from grader.tracking.handing_in import source_hash


def keys_of(tasks: Sequence[Task], options: Options) -> list[str | None]:
    """The key of each task's grading; None where there is no file, which is quicker said than looked up."""
    return [_key(task, options) for task in tasks]


def _key(task: Task, options: Options) -> str | None:
    sha256 = source_hash(task.path)
    if sha256 is None:
        return None
    asked = repr((task.loss, task.week, task.member, task.file, task.own_stub, sorted(task.points.items())))
    required = "default" if task.required is None else " ".join(sorted(task.required))
    run = {
        **versions(),
        "code": _code(),
        "language": language(),
        "limits": repr(options.limits),
        "isolate": str(options.isolate),
        "required": required,
    }
    definition = hashlib.sha256(asked.encode("utf-8", "surrogateescape")).hexdigest()
    return key_of(sha256, definition, run, options.seed, task.devices or options.devices)


@cache
def _code() -> str:
    """What the grader itself is made of: a version alone does not tell two states of a checkout apart."""
    package = Path(__file__).parent
    digest = hashlib.sha256()
    for path in sorted(package.rglob("*.py")):
        digest.update(str(path.relative_to(package)).encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]
