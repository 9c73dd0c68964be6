"""Dates, times and spans as the reader's language writes them."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from grader.messages import gettext as _
from grader.messages import language, ngettext

_DAYS_KO = "월화수목금토일"
_DAYS_EN = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS_EN = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def day(when: date, *, year: bool = True) -> str:
    """`2024년 7월 14일 (일)` or `Sun 14 Jul 2024`."""
    if language() == "ko":
        return f"{when.year}년 " * year + f"{when.month}월 {when.day}일 ({_DAYS_KO[when.weekday()]})"
    return f"{_DAYS_EN[when.weekday()]} {when.day} {_MONTHS_EN[when.month - 1]}" + f" {when.year}" * year


def moment(when: datetime, *, year: bool = True) -> str:
    """A day with its time, to the minute."""
    return f"{day(when, year=year)} {clock(when.time())}"


def deadline(when: datetime) -> str:
    """The end of a day is that day; anything else has its time."""
    return day(when) if when.time().replace(microsecond=0) == time(23, 59, 59) else moment(when)


def clock(when: time) -> str:
    """`20:00`."""
    return f"{when:%H:%M}"


def span(length: timedelta) -> str:
    """The largest unit that says enough: `3 days`, `5 hours`, `12 minutes`."""
    minutes = max(int(length.total_seconds() // 60), 0)
    if minutes >= 48 * 60:
        days = minutes // (24 * 60)
        return ngettext("{days} day", "{days} days", days).format(days=days)
    if minutes >= 120:
        hours = minutes // 60
        return ngettext("{hours} hour", "{hours} hours", hours).format(hours=hours)
    return ngettext("{minutes} minute", "{minutes} minutes", minutes).format(minutes=minutes)


def until(when: datetime, now: datetime) -> str:
    """How far off a moment is, from `now`: `in 3 days`, `2 hours ago`."""
    if when >= now:
        return _("in {span}").format(span=span(when - now))
    return _("{span} ago").format(span=span(now - when))


def hours(minutes: int) -> str:
    """A meeting's length: `2 h 30 min`."""
    whole, rest = divmod(minutes, 60)
    if not whole:
        return _("{minutes} min").format(minutes=rest)
    if not rest:
        return _("{hours} h").format(hours=whole)
    return _("{hours} h {minutes} min").format(hours=whole, minutes=rest)
