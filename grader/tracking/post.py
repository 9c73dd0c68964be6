"""The weekly post: what the team hands in, as one Markdown file with its pictures beside it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from grader.messages import gettext as _
from grader.plan import solutions
from grader.tracking.notes import take
from grader.tracking.photos import PhotoError, webp_of_file
from grader.tracking.progress import Standing, State, Trust
from grader.tracking.wording import duration

if TYPE_CHECKING:
    from grader.plan.model import Member, Plan, Week
    from grader.tracking.attendance import Session
    from grader.tracking.progress import Progress

_NOTE_LEVELS = 3
"""A note stands below its member's heading, which is of level 3."""


@dataclass
class Post:
    """The post's text, its pictures by the names it shows them under, and what could not be taken along."""

    text: str = ""
    pictures: dict[str, bytes] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)


def write_post(plan: Plan, progress: Progress, week: int, *, obsidian: bool = False) -> Post:
    """The post of one week, in the language in force. Raises UsageError when there is no such week."""
    return _Author(plan, progress, plan.week(week), obsidian, Post()).post()


@dataclass
class _Author:
    plan: Plan
    progress: Progress
    week: Week
    obsidian: bool
    made: Post

    def post(self) -> Post:
        parts = (self._head(), self._plan(), self._meetings(), self._blogs(), self._members(), self._photos())
        self.made.text = "\n\n".join("\n".join(part).strip("\n") for part in map(list, parts)) + "\n"
        return self.made

    # --- sections -----------------------------------------------------------------------------------------------------

    def _head(self) -> Iterator[str]:
        team, week = self.plan.team, self.week
        yield (
            "# "
            + _("{team}, week {week}").format(team=team.name, week=week.number)
            + (f": {week.title}" if week.title else "")
        )
        if week.starts and week.ends:
            yield ""
            yield f"{week.starts} – {week.ends}"

    def _plan(self) -> Iterator[str]:
        yield "## " + _("Plan")
        for text in (self.plan.team.purpose, self.plan.team.plan):
            if text:
                yield ""
                yield text.strip()
        if self.week.summary or self.week.plan:
            yield ""
            yield "### " + _("This week")
            for text in (self.week.summary, self.week.plan):
                if text:
                    yield ""
                    yield text.strip()

    def _meetings(self) -> Iterator[str]:
        yield "## " + _("How we meet")
        meeting = self.plan.team.meeting
        if meeting.tool:
            yield ""
            yield "- " + _("On: {tool}").format(tool=meeting.tool)
            if meeting.reason:
                yield "- " + _("Why: {reason}").format(reason=meeting.reason)
        found = self.progress.week(self.week.number)
        for session in found.sessions if found else ():
            if session.held or session.meeting.note:
                yield ""
                yield from self._session(session)

    def _session(self, session: Session) -> Iterator[str]:
        meeting = session.meeting
        when = f"{meeting.date}"
        if meeting.start:
            when += f" {meeting.start:%H:%M}" + (f"–{meeting.end:%H:%M}" if meeting.end else "")
        yield "### " + _("Meeting of {when}").format(when=when)
        yield ""
        if session.minutes:
            yield "- " + _("Length: {length}").format(length=duration(session.ends - session.starts))  # type: ignore[operator]
        if meeting.tool:
            yield "- " + _("On: {tool}").format(tool=meeting.tool)
        if meeting.attended:
            names = ", ".join(self.plan.member(member).name for member in meeting.attended)
            yield "- " + _("Present: {names}").format(names=names)
        for title, texts in ((_("Agenda"), meeting.agenda), (_("Decided"), meeting.decisions)):
            if texts:
                yield f"- {title}"
                yield from (f"    - {_one_line(text)}" for text in texts)
        if meeting.note:
            yield "- " + _("Note: {note}").format(note=_one_line(meeting.note))

    def _blogs(self) -> Iterator[str]:
        yield "## " + _("Members' blogs")
        yield ""
        blogs = [member for member in self.plan.team.members if member.blog]
        for member in blogs:
            yield f"- {_called(member)}: <{member.blog}>"
        if not blogs:
            yield _("None yet.")

    def _members(self) -> Iterator[str]:
        yield "## " + _("Goals and results")
        for member in self.plan.team.members:
            standings = self.progress.of(member.id, self.week.number)
            if standings:
                yield ""
                yield from self._member(member, standings)

    def _member(self, member: Member, standings: Sequence[Standing]) -> Iterator[str]:
        yield f"### {_called(member)}"
        yield ""
        for standing in standings:
            assignment = standing.assignment
            yield "- " + _("Goal: {goal}").format(goal=_one_line(assignment.goal))
            yield "- " + _("Result: {result}").format(result=_result(standing))
            if assignment.result:
                yield f"    - {_one_line(assignment.result)}"
            for post in assignment.posts:
                yield "- " + _("Post: {address}").format(address=f"<{post}>")
        note = solutions.folder(self.plan.root, self.week.number, member.id) / "notes.md"
        text = self._note(note, member.id)
        if text:
            yield ""
            yield text

    def _note(self, note: Path, member: str) -> str:
        shown = note.relative_to(self.plan.root).as_posix()
        home = self.plan.root / "solutions"
        if not note.resolve().is_relative_to(home.resolve()) or not note.is_file():
            self.made.problems.append(_("{file}: there are no notes.").format(file=shown))
            return ""
        try:
            taken = take(note, home, lambda file: self._keep(file, member), levels=_NOTE_LEVELS, obsidian=self.obsidian)
        except (OSError, UnicodeDecodeError) as error:
            reason = error.strerror if isinstance(error, OSError) else _("it is not UTF-8")
            self.made.problems.append(_("{file} cannot be read: {reason}").format(file=shown, reason=reason))
            return ""
        for missing in taken.missing:
            self.made.problems.append(
                _("{file} shows {picture}, which is nowhere.").format(file=shown, picture=missing)
            )
        return taken.text.strip("\n")

    def _photos(self) -> Iterator[str]:
        yield "## " + _("Photos of the meetings")
        photos = [(meeting, photo) for meeting in self.week.meetings for photo in meeting.photos]
        if not photos:
            yield ""
            yield _("There are none yet.")
        for meeting, photo in photos:
            yield ""
            try:
                name = self._keep(self.plan.root / photo, f"{meeting.date}")
            except PhotoError as error:
                self.made.problems.append(str(error))
                continue
            yield f"![[{name}]]" if self.obsidian else f"![{meeting.date}]({name})"

    # --- pictures -----------------------------------------------------------------------------------------------------

    def _keep(self, file: Path, prefix: str) -> str:
        """Take a picture along and return its name; metadata stays behind, SVG goes as it is."""
        if file.suffix.lower() == ".svg":
            content, suffix = file.read_bytes(), ".svg"
        else:
            try:
                content, suffix = webp_of_file(file), ".webp"
            except PhotoError as error:
                self.made.problems.append(str(error))
                content, suffix = b"", ".webp"
        stem = re.sub(r"[^\w.-]+", "-", file.stem).strip("-.") or "picture"
        name = f"{prefix}-{stem}{suffix}"
        if self.made.pictures.get(name, content) != content:
            name = f"{prefix}-{stem}-{hashlib.sha256(content).hexdigest()[:8]}{suffix}"
        if content:
            self.made.pictures[name] = content
        return name


def _called(member: Member) -> str:
    return member.full_name or member.name


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _result(standing: Standing) -> str:
    if standing.state is State.MISSING:
        return _("nothing handed in")
    if standing.state is State.UPCOMING:
        return _("still to come (due {when})").format(when=_when(standing.due))
    verdict = _("passed") if standing.state is State.PASSED else _("not passed yet")
    if standing.trust is Trust.BROKEN:
        verdict += ", " + _("record does not hold")
    handed_in = standing.handed_in or standing.attempts[0]
    when = _when(handed_in.submitted_at.astimezone(standing.due.tzinfo))
    text = _("{loss}: {verdict}, {score:g} points of 100 (handed in {when}, attempts: {attempts})").format(
        loss=standing.loss, verdict=verdict, score=standing.score or 0.0, when=when, attempts=len(standing.attempts)
    )
    return text + (", " + _("{late} late").format(late=duration(standing.late_by)) if standing.late else "")


def _when(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M}"
