"""For every test of the project."""

from __future__ import annotations

import pytest
from hypothesis import settings

# How long an example takes is the machine's affair: it is shared, and fails nothing.
settings.register_profile("mogakco", deadline=None)
settings.load_profile("mogakco")


def pytest_collection_finish(session: pytest.Session) -> None:
    """Set the simulated accelerator up before any test runs a backward pass, after which torch takes no new device.

    Only where a test of the run could need it: the plan's tests and the tracking's do without torch.
    """
    if any(item.path.parent.name in ("checks", "sandbox") for item in session.items):
        from grader.sandbox.simulated import set_up

        set_up()


@pytest.fixture(autouse=True)
def english() -> None:
    """Every test begins in the source's language, whatever the one before it spoke."""
    from grader.messages import set_language

    set_language("en")
