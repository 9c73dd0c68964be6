"""The reference of each loss in a child of its own: what a submission's time and memory are compared with.

A submission's child must never hold the reference, so it gets another one; kept from one submission to the next,
because it runs nothing but the reference and would cost every submission a fork and cold caches.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.calls import Answer, Ask, Batch, SubmissionEnded
from grader.messages import gettext as _
from grader.sandbox import Sandbox, SandboxFailed, Session

if TYPE_CHECKING:
    from grader.losses.base import Loss


class ReferenceChildren:
    """One child a loss, opened when first asked and opened again when it is used up or its server went."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._sessions: dict[str, Session] = {}

    def ask(self, loss: Loss) -> Ask:
        """Calls the reference of the loss. It raises SandboxFailed where even a new child does not answer."""

        def ask(batch: Batch) -> list[Answer]:
            if loss.id in self._sessions:
                try:
                    return self._sessions[loss.id].run(batch)
                except SubmissionEnded:
                    # A child's time is limited over all of its requests, and that was the last of it.
                    self._close(loss.id)
            return self._first(loss, batch)

        return ask

    def close(self) -> None:
        """End them all."""
        for loss in list(self._sessions):
            self._close(loss)

    def _first(self, loss: Loss, batch: Batch) -> list[Answer]:
        from grader.reference import reference_source

        session = self._sandbox.open(reference_source(loss), loss.entry, secret=True)
        session.__enter__()
        self._sessions[loss.id] = session
        try:
            return session.run(batch)
        except SubmissionEnded as ended:
            self._close(loss.id)
            raise SandboxFailed(
                _("The reference of `{loss}` did not answer, so nothing could be compared with it: {reason}").format(
                    loss=loss.id, reason=ended.detail
                )
            ) from ended

    def _close(self, loss: str) -> None:
        self._sessions.pop(loss).__exit__(None, None, None)
