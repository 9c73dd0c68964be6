"""Where submissions run, and the only place where they do: a fork server, a jail, and arrays in and arrays out."""

from grader.sandbox.client import Sandbox, SandboxFailed, Session
from grader.sandbox.limits import Limits

__all__ = ["Limits", "Sandbox", "SandboxFailed", "Session"]
