"""The checks of a submission, in the order in which they run: one file each, named as in the report.

A check takes a loss and a way to call the submission (`Examination`) and gives a `Finding`. It never sees the
submission's process, its source or its limits.
"""

from grader.checks.base import CHECKS, Check, Earlier, Examination, Finding, check_named, first_sentence

__all__ = ["CHECKS", "Check", "Earlier", "Examination", "Finding", "check_named", "first_sentence"]
