"""For every test of the project."""

from __future__ import annotations

import pytest


def pytest_collection_finish(session: pytest.Session) -> None:
    """Set the simulated accelerator up before any test runs a backward pass, after which torch takes no new device.

    Only where a test of the run could need it: the plan's tests and the tracking's do without torch.
    """
    if any(item.path.parent.name in ("checks", "sandbox") for item in session.items):
        from grader.sandbox.simulated import set_up

        set_up()
