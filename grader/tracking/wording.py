"""How spans of time and dates are said."""

from __future__ import annotations

from datetime import timedelta

from grader.messages import gettext as _


def duration(span: timedelta) -> str:
    """The largest two units: `2 d 3 h`, `3 h 5 min`, `5 min`, `12 s`."""
    seconds = max(0, int(span.total_seconds()))
    days, rest = divmod(seconds, 86_400)
    hours, rest = divmod(rest, 3_600)
    minutes, seconds = divmod(rest, 60)
    if days:
        return _("{days} d {hours} h").format(days=days, hours=hours)
    if hours:
        return _("{hours} h {minutes} min").format(hours=hours, minutes=minutes)
    if minutes:
        return _("{minutes} min").format(minutes=minutes)
    return _("{seconds} s").format(seconds=seconds)
