"""What `weeks/` says, typed: the team, its weeks, their meetings and assignments. Immutable, and free of torch.

Validation that needs to know the rest of the plan (members, losses) takes it from the context that `loading` gives;
without a context those names are taken as they stand.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal, get_args
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    PlainValidator,
    Strict,
    ValidationInfo,
    WithJsonSchema,
    field_validator,
    model_validator,
)
from pydantic_core import PydanticCustomError

from grader.errors import UsageError
from grader.messages import gettext as _
from grader.plan.mistakes import shown, unknown

CheckName = Literal["load", "value", "gradient", "stability", "purity", "device", "originality", "shapes", "efficiency"]
CHECKS = frozenset(get_args(CheckName))
Device = Literal["cpu", "cuda", "mps", "sim"]
Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]

_ID = re.compile(r"[a-z0-9](?:[a-z0-9_-]{0,62}[a-z0-9])?\Z")
_DATE = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})\Z")
_TIME = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2}))?\Z")
_MOMENT = re.compile(r"(\d{4}-\d{1,2}-\d{1,2})(?:[Tt]|[ \t]+)(\d{1,2}:\d{2}(?::\d{2})?)\s*(Z|z|[-+]\d{2}:?\d{2})?\Z")
_EMAIL = re.compile(r"[^@\s<>]+@[^@\s<>]+\Z")
_WINDOWS_DEVICES = frozenset(
    {"con", "prn", "aux", "nul"} | {f"{port}{n}" for port in ("com", "lpt") for n in range(10)}
)


def _wrong(sentence: str) -> PydanticCustomError:
    """An error whose sentence is already whole; braces in what the user wrote stay as they are."""
    return PydanticCustomError("plan", "{sentence}", {"sentence": sentence})


def _expected(what: str, found: object) -> PydanticCustomError:
    return _wrong(_("expected {what}, found {found}").format(what=what, found=quoted(found)))


def quoted(value: object) -> str:
    """How a message names what was found: text in quotes, anything else by its kind."""
    if value is None:
        return _("nothing")
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return _("the number {number}").format(number=value)
    if isinstance(value, str):
        return f"'{shown(value)}'"
    if isinstance(value, Mapping):
        return _("a mapping")
    if isinstance(value, Iterable):
        return _("a list")
    return shown(value)


# --- scalars -----------------------------------------------------------------------------------------------------


def _parse_date(value: object) -> date:
    if type(value) is date:
        return value
    match = _DATE.match(value) if isinstance(value, str) else None
    if match is None:
        raise _expected(_("a date such as 2024-07-14"), value)
    try:
        return date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        raise _wrong(_("{found} is not in the calendar").format(found=quoted(value))) from None


def _parse_time(value: object) -> time:
    if isinstance(value, time):
        return value
    match = _TIME.match(value) if isinstance(value, str) else None
    if match is None:
        raise _expected(_("a time of day such as 20:00"), value)
    try:
        return time(int(match[1]), int(match[2]), int(match[3] or 0))
    except ValueError:
        raise _wrong(_("{found} is no time of day").format(found=quoted(value))) from None


def _parse_due(value: object) -> date:
    """A date, or a moment: a datetime, aware only if the text gave an offset."""
    if isinstance(value, date):
        return value
    match = _MOMENT.match(value) if isinstance(value, str) else None
    if match is None:
        if isinstance(value, str) and _DATE.match(value):
            return _parse_date(value)
        raise _expected(_("a date such as 2024-07-20, or with a time: 2024-07-20 23:59"), value)
    moment = datetime.combine(_parse_date(match[1]), _parse_time(match[2]))
    if match[3] is None:
        return moment
    offset = "+00:00" if match[3] in "Zz" else match[3]
    try:
        return datetime.fromisoformat(moment.isoformat() + offset)
    except ValueError:
        raise _wrong(_("{found} has no valid offset from UTC").format(found=quoted(value))) from None


def _check_id(value: str) -> str:
    if not _ID.match(value) or value in _WINDOWS_DEVICES:
        what = _("an id of small letters, digits, '-' and '_' (it names a folder)")
        raise _expected(what, value)
    return value


def _check_member(value: str, info: ValidationInfo) -> str:
    members = (info.context or {}).get("members")
    if members is not None and value not in members:
        raise _wrong(unknown(_("member"), value, members))
    return value


def _check_loss(value: str, info: ValidationInfo) -> str:
    losses = (info.context or {}).get("losses")
    if losses is not None and value not in losses:
        raise _wrong(unknown(_("loss"), value, losses))
    return value


def _check_check(value: str) -> str:
    if value not in CHECKS:
        raise _wrong(unknown(_("check"), value, CHECKS))
    return value


def _check_url(value: str) -> str:
    try:
        parts = urlsplit(value)
        sound = parts.scheme in ("http", "https") and bool(parts.hostname) and not re.search(r"\s", value)
    except ValueError:
        sound = False
    if not sound:
        raise _expected(_("an address that begins with https:// or http://"), value)
    return value


def _check_email(value: str) -> str:
    if not _EMAIL.match(value):
        raise _expected(_("an e-mail address"), value)
    return value


def _check_zone(value: str) -> str:
    from zoneinfo import available_timezones

    try:
        ZoneInfo(value)
    except (ValueError, OSError, LookupError):
        raise _wrong(unknown(_("time zone"), value, available_timezones())) from None
    return value


def _check_inside(value: str) -> str:
    """A path inside the team's folder, written with slashes."""
    parts = value.split("/")
    if value.startswith(("/", "~")) or "\\" in value or ".." in parts or re.match(r"[A-Za-z]:", value):
        raise _expected(_("a path inside the team's folder, with slashes and without '..'"), value)
    return value


def _check_text(value: str) -> str:
    if not value.strip():
        raise _wrong(_("expected some text, found none"))
    return value


def _check_no_repeats(value: tuple[str, ...]) -> tuple[str, ...]:
    repeated = next((word for index, word in enumerate(value) if word in value[:index]), None)
    if repeated is not None:
        raise _wrong(_("'{value}' is in this list twice").format(value=shown(repeated)))
    return value


Text = Annotated[str, AfterValidator(_check_text)]
Id = Annotated[str, AfterValidator(_check_id), Field(json_schema_extra={"pattern": "^[a-z0-9]([a-z0-9_-]*[a-z0-9])?$"})]
MemberId = Annotated[str, AfterValidator(_check_member)]
LossId = Annotated[str, AfterValidator(_check_loss)]
Url = Annotated[str, AfterValidator(_check_url), Field(json_schema_extra={"pattern": "^https?://"})]
Email = Annotated[str, AfterValidator(_check_email)]
Zone = Annotated[str, AfterValidator(_check_zone)]
InsidePath = Annotated[str, AfterValidator(_check_inside)]
Devices = Annotated[tuple[Device, ...], Field(min_length=1), AfterValidator(_check_no_repeats)]
Checks = Annotated[tuple[CheckName, ...], AfterValidator(_check_no_repeats)]
Day = Annotated[date, PlainValidator(_parse_date), WithJsonSchema({"type": "string", "format": "date"})]
TimeOfDay = Annotated[
    time,
    PlainValidator(_parse_time),
    WithJsonSchema({"type": "string", "pattern": r"^\d{1,2}:\d{2}(:\d{2})?$"}),
]
Due = Annotated[
    date,
    PlainValidator(_parse_due),
    WithJsonSchema({"type": "string", "pattern": r"^\d{4}-\d{1,2}-\d{1,2}([Tt ].*)?$"}),
]
# Keys are plain text to whoever reads them; schemas name the checks.
PointsByCheck = Annotated[
    dict[
        Annotated[str, AfterValidator(_check_check)],
        Annotated[float, Strict(), Field(ge=0, le=1000, allow_inf_nan=False)],
    ],
    Field(json_schema_extra={"propertyNames": {"enum": list(get_args(CheckName))}}),
]
Positive = Annotated[float, Strict(), Field(gt=0, allow_inf_nan=False)]


class _Model(BaseModel):
    """Immutable; a key that is not known is a mistake; a key without a value counts as left out."""

    # Deferred: only Team and Week are ever validated by themselves, and building each of the nine costs at every start.
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    @model_validator(mode="before")
    @classmethod
    def _leave_out_empty(cls, data: Any) -> Any:
        if isinstance(data, dict):
            return {key: value for key, value in data.items() if value is not None}
        return data


# --- the team ----------------------------------------------------------------------------------------------------


class Member(_Model):
    """One person of the team."""

    id: Id = Field(description="Short and stable: names the folder in solutions/ and the file in records/.")
    name: Text = Field(description="What the team calls this person.")
    full_name: Text | None = Field(default=None, description="The whole name, where it may be shown.")
    lead: bool = Field(default=False, description="Whether this member leads the team.")
    emails: tuple[Email, ...] = Field(
        default=(), description="Addresses used with git, by which `submit` knows its user."
    )
    blog: Url | None = Field(default=None, description="The member's blog.")


class MeetingRhythm(_Model):
    """How and, if it is regular, when the team meets."""

    tool: Text | None = Field(default=None, description="What they meet on.")
    reason: Text | None = Field(default=None, description="Why on that.")
    weekday: Weekday | None = Field(default=None, description="The day of a regular meeting.")
    time: TimeOfDay | None = Field(default=None, description="When it begins, in the team's time zone: 20:00.")
    minutes: Annotated[int, Strict(), Field(gt=0, le=24 * 60)] | None = Field(
        default=None, description="How long it takes."
    )


class Programme(_Model):
    """What the programme that the team takes part in demands; whatever is left out is not demanded."""

    name: Text | None = Field(default=None, description="The programme's name.")
    min_hours: Positive | None = Field(default=None, description="Hours that a session has to last to count.")
    sessions_per_week: Annotated[int, Strict(), Field(gt=0, le=14)] | None = Field(
        default=None, description="Sessions that count in one week, at most."
    )
    sessions_needed: Annotated[int, Strict(), Field(gt=0, le=1000)] | None = Field(
        default=None, description="Counted sessions that are needed in all."
    )
    absences_allowed: Annotated[int, Strict(), Field(ge=0, le=1000)] | None = Field(
        default=None, description="Sessions that a member may miss."
    )


class Limits(_Model):
    """Limits of one submission; whatever is left out keeps the grader's default."""

    check_seconds: Positive | None = Field(default=None, description="Wall clock for one check, in seconds.")
    submission_seconds: Positive | None = Field(
        default=None, description="Wall clock for a whole submission, in seconds."
    )
    cpu_seconds: Positive | None = Field(default=None, description="CPU time for a whole submission, in seconds.")
    memory_mib: Annotated[int, Strict(), Field(ge=64, le=2**20)] | None = Field(
        default=None, description="Memory beyond the grader's own, in MiB."
    )
    output_kib: Annotated[int, Strict(), Field(ge=1, le=2**20)] | None = Field(
        default=None, description="Printed output that is kept, in KiB."
    )


class Grading(_Model):
    """What every assignment has unless it says otherwise."""

    devices: Devices | None = Field(
        default=None, description="Devices to grade on; left out: the CPU and the accelerator, real or simulated."
    )
    points: PointsByCheck = Field(
        default={}, description="Points of a check; checks not named keep the grader's default."
    )
    required: Checks | None = Field(
        default=None, description="The checks that have to pass; left out: the grader's default."
    )


class Team(_Model):
    """`weeks/team.yml`."""

    name: Text = Field(description="The team's name.")
    year: Annotated[int, Strict(), Field(ge=2000, le=2100)] = Field(description="The year of the study.")
    language: Literal["ko", "en"] = Field(default="ko", description="Of stubs, messages and the site.")
    timezone: Zone = Field(default="Asia/Seoul", description="Deadlines and meetings are in this time zone.")
    purpose: Text | None = Field(default=None, description="What the study is for.")
    plan: Text | None = Field(default=None, description="How it goes about it.")
    members: Annotated[tuple[Member, ...], Field(min_length=1)] = Field(description="Who is in the team.")
    meeting: MeetingRhythm = Field(default_factory=MeetingRhythm, description="How the team meets.")
    programme: Programme = Field(default_factory=Programme, description="The rules of the programme, for attendance.")
    limits: Limits = Field(default_factory=Limits, description="Limits of time, memory and output for a submission.")
    grading: Grading = Field(
        default_factory=Grading, description="Devices, points and required checks of every assignment."
    )

    @cached_property
    def zone(self) -> ZoneInfo:
        """The time zone as an object."""
        return ZoneInfo(self.timezone)


# --- a week ------------------------------------------------------------------------------------------------------


class Meeting(_Model):
    """One meeting that took place or is planned."""

    date: Day = Field(description="The day, in the team's time zone.")
    start: TimeOfDay | None = Field(default=None, description="When it began: 20:00.")
    end: TimeOfDay | None = Field(default=None, description="When it ended; before `start` means past midnight.")
    tool: Text | None = Field(default=None, description="Where it was held, if not on the team's usual tool.")
    attended: Annotated[tuple[MemberId, ...], AfterValidator(_check_no_repeats)] = Field(
        default=(), description="Ids of who was there; empty: not recorded."
    )
    agenda: tuple[Text, ...] = Field(default=(), description="What was on the table.")
    decisions: tuple[Text, ...] = Field(default=(), description="What was decided.")
    photos: tuple[InsidePath, ...] = Field(default=(), description="Pictures as proof, paths from the team's folder.")
    note: Text | None = Field(default=None, description="Anything else worth keeping.")


class Assignment(_Model):
    """What one member hands in in one week. After loading, what the team's `grading` says is filled in."""

    member: MemberId = Field(description="The id of a member in team.yml.")
    loss: LossId = Field(description="A loss of the catalogue (`python3 tasks.py losses`).")
    goal: Text = Field(description="What the member sets out to understand.")
    due: Due = Field(description="2024-07-20 (until the end of that day) or 2024-07-20 21:00, in the team's time zone.")
    posts: tuple[Url, ...] = Field(default=(), description="Blog posts about it.")
    stub: Text | None = Field(
        default=None,
        description="A stub instead of the loss's own: a path from the team's folder, or the text (| and lines).",
    )
    devices: Devices | None = Field(default=None, description="Devices to grade on, instead of the team's.")
    points: PointsByCheck = Field(default={}, description="Points of a check, over the team's.")
    required: Checks | None = Field(default=None, description="Checks that have to pass, instead of the team's.")
    result: Text | None = Field(default=None, description="What came of it, in a sentence or two.")


class Week(_Model):
    """`weeks/weekNN.yml`."""

    number: Annotated[int, Strict(), Field(ge=1, le=999)] = Field(description="As in the file's name: 1 in week01.yml.")
    title: Text | None = Field(default=None, description="The week in a few words.")
    starts: Day | None = Field(default=None, description="The first day.")
    ends: Day | None = Field(default=None, description="The last day.")
    summary: Text | None = Field(default=None, description="What the week is about.")
    plan: Text | None = Field(default=None, description="What is to be done.")
    meetings: tuple[Meeting, ...] = Field(default=(), description="Meetings held or planned.")
    assignments: tuple[Assignment, ...] = Field(default=(), description="Who studies and hands in what.")

    @field_validator("ends", mode="after")
    @classmethod
    def _ends_after_it_starts(cls, ends: date | None, info: ValidationInfo) -> date | None:
        starts = info.data.get("starts")
        if ends is not None and starts is not None and ends < starts:
            sentence = _("the week ends on {ends}, before it starts on {starts}")
            raise _wrong(sentence.format(ends=ends, starts=starts))
        return ends


# --- all of it ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Plan:
    """A team's folder as it was planned: `root` holds `weeks/`, `solutions/` and `records/`."""

    root: Path
    team: Team
    weeks: tuple[Week, ...]
    """By number."""

    def week(self, number: int) -> Week:
        """The week with this number; raises UsageError, naming the weeks there are."""
        for week in self.weeks:
            if week.number == number:
                return week
        there = ", ".join(str(week.number) for week in self.weeks) or _("none yet")
        raise UsageError(
            _("there is no week {number} in weeks/; there are: {there}").format(number=number, there=there)
        )

    def member(self, id: str) -> Member:
        """The member with this id; raises UsageError, naming the nearest."""
        for member in self.team.members:
            if member.id == id:
                return member
        raise UsageError(unknown(_("member"), id, (member.id for member in self.team.members)))

    def week_path(self, number: int) -> Path:
        """Where this week's YAML stands, whether it is there or not."""
        return self.root / "weeks" / week_file_name(number)

    def due_at(self, week: Week, assignment: Assignment) -> datetime:
        """The last moment that is on time, aware, in the team's time zone; a date alone ends at 23:59:59."""
        due = assignment.due
        if not isinstance(due, datetime):
            return datetime.combine(due, time(23, 59, 59), tzinfo=self.team.zone)
        return due.replace(tzinfo=self.team.zone) if due.tzinfo is None else due.astimezone(self.team.zone)


def week_file_name(number: int) -> str:
    """`week01.yml` for 1."""
    return f"week{number:02d}.yml"
