"""One sandbox of each kind for the whole run of the sandbox's tests: starting one imports torch."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from bce_calls import SHORT

from grader.sandbox import Sandbox


@pytest.fixture(scope="session")
def confined() -> Iterator[Sandbox]:
    """A sandbox as users get it, with short limits."""
    with Sandbox(SHORT) as sandbox:
        yield sandbox


@pytest.fixture(scope="session")
def unconfined() -> Iterator[Sandbox]:
    """A sandbox without the kernel's help."""
    with Sandbox(SHORT, isolate=False) as sandbox:
        yield sandbox
