"""The typed model of `weeks/`, where solutions stand, and the stubs written from both."""

from __future__ import annotations

from grader.plan.loading import find_root, load_plan
from grader.plan.model import Assignment, Grading, Limits, Meeting, Member, Plan, Programme, Team, Week, week_file_name

__all__ = [
    "Assignment",
    "Grading",
    "Limits",
    "Meeting",
    "Member",
    "Plan",
    "Programme",
    "Team",
    "Week",
    "find_root",
    "load_plan",
    "week_file_name",
]
