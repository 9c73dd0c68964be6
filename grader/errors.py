"""The errors that a user can cause or meet, each with the exit status that tells a script which it was."""

from __future__ import annotations


class MogakcoError(Exception):
    """Base: a sentence for the user that says what is wrong, where, and what to do next. Never shown as a traceback."""

    exit_status = 3


class UsageError(MogakcoError):
    """The call was wrong: an unknown name, a file that is not there, options that do not go together."""

    exit_status = 2


class PlanError(MogakcoError):
    """Something in `weeks/` is wrong. The message has one line a mistake, each `file:line:column: …`."""

    exit_status = 2


class IsolationUnavailable(MogakcoError):
    """`--require-isolation` was asked for and a part of it does not hold on this kernel."""
