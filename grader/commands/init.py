"""`init`: a new team's repository, first week included."""

from __future__ import annotations

import argparse
import re
import shutil
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo, available_timezones

from grader import losses
from grader.commands.options import add_language_option, choose_language
from grader.errors import MogakcoError, UsageError
from grader.messages import LANGUAGES, ngettext, set_language
from grader.messages import gettext as _
from grader.plan import load_plan
from grader.plan.mistakes import unknown
from grader.plan.model import Member
from grader.plan.schema import write_schemas
from grader.plan.stub import write_stubs
from grader.tracking.asking import ask, can_ask
from grader.tracking.attendance import WEEKDAYS
from grader.tracking.next_week import draft, parse_choices, suggestions, text_of
from grader.tracking.repository import GitError, Repository
from grader.tracking.scaffold import PACKAGE, NewMember, NewTeam, requirement_here, write

_PACKAGE = re.compile(rf"{PACKAGE}\s*(?:$|@\s*\S+$|[=<>~!]=?\s*\d)")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    parser.add_argument("folder", metavar="DIR", help=_("a new or empty folder"))
    parser.add_argument("--team", metavar="NAME", help=_("the team's name"))
    parser.add_argument("--year", type=int, metavar="YEAR", help=_("the year of the study; else this one"))
    parser.add_argument(
        "--member",
        action="append",
        default=[],
        metavar="ID:NAME[:EMAIL]",
        help=_("once for each member, the lead first; the id names folders: small letters, digits, - and _"),
    )
    parser.add_argument("--blog", action="append", default=[], metavar="ID=URL", help=_("a member's blog"))
    parser.add_argument("--language", choices=LANGUAGES, help=_("of stubs, messages and site"))
    parser.add_argument("--timezone", metavar="ZONE", default="Asia/Seoul", help=_("Asia/Seoul if left out"))
    parser.add_argument("--tool", metavar="TEXT", help=_("what the team meets on"))
    parser.add_argument("--weekday", choices=WEEKDAYS, help=_("the day of the regular meeting"))
    parser.add_argument("--time", type=_clock, metavar="TIME", help=_("when it begins: 20:00"))
    parser.add_argument("--start", type=_day, metavar="DATE", help=_("the first day of the first week; else today"))
    parser.add_argument("--assign", action="append", default=[], metavar="ID=LOSS", help=_("who begins with what"))
    parser.add_argument("--package", metavar="SPEC", help=_("where pip finds this package: `mogakco @ git+https://…`"))
    parser.add_argument("--no-git", action="store_true", help=_("only files, no repository"))
    add_language_option(parser)


def run(arguments: argparse.Namespace) -> int:
    """Write the repository, check it, make the first commit, and say what comes next; 0."""
    choose_language(arguments)
    folder = Path(arguments.folder)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(_("{folder} is not empty; name a new folder.").format(folder=folder))
    if arguments.timezone not in available_timezones():
        raise UsageError(unknown(_("time zone"), arguments.timezone, available_timezones()))
    team = _team(arguments)
    mistakes = _mistakes_of(team.members)
    if mistakes:
        raise UsageError(mistakes)
    chosen = _chosen(team, arguments.assign)
    requirement = arguments.package or requirement_here()
    if not _PACKAGE.match(requirement):
        raise UsageError(
            _("--package takes what pip would install under the name mogakco, such as {example}; found {text}.").format(
                example=f"`{PACKAGE} @ git+https://…`", text=requirement
            )
        )
    set_language(team.language)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        root = folder.resolve()
        write(root, team, requirement)
        write_schemas(root)
        _write_first_week(root, chosen, arguments.start)
        write_stubs(load_plan(root))
    except BaseException as error:
        # It was empty: all that is in it is a part of what could not be finished, and would stand in the way.
        for path in folder.iterdir() if folder.is_dir() else ():
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        _set_reader_language(arguments)
        if not isinstance(error, OSError):
            raise
        raise MogakcoError(
            _("{path} cannot be written: {reason}").format(path=error.filename or folder, reason=error.strerror)
        ) from error
    _set_reader_language(arguments)
    print(
        ngettext(
            "Wrote {folder}: {team}, {count} member, the first week with its stubs.",
            "Wrote {folder}: {team}, {count} members, the first week with its stubs.",
            len(team.members),
        ).format(folder=folder, team=team.name, count=len(team.members))
    )
    if not arguments.no_git:
        _first_commit(root)
    if " @ file:" in requirement:
        print(
            _(
                "Its pyproject.toml asks for this package where it lies on this machine. Others need an address they "
                "can reach: publish it and put `mogakco @ git+https://…` there, or call init with --package."
            )
        )
    print(_("Next: cd {folder}, then python3 tasks.py status").format(folder=folder))
    return 0


def _set_reader_language(arguments: argparse.Namespace) -> None:
    if arguments.lang:
        set_language(arguments.lang)


def _team(arguments: argparse.Namespace) -> NewTeam:
    asking = can_ask()
    name = arguments.team or (ask(_("The team's name:")) if asking else "")
    if not name:
        raise UsageError(_("What is the team called? Say it with --team NAME."))
    language = arguments.language or (ask(_("Language, ko or en:"), "ko", choices=LANGUAGES) if asking else "ko")
    members = [_member(text) for text in arguments.member] or (_asked_members() if asking else [])
    if not members:
        raise UsageError(_("Who is in the team? Say it with --member ID:NAME, once for each."))
    blogs = dict(_pairs("--blog", arguments.blog))
    for id in blogs:
        if id not in {member.id for member in members}:
            raise UsageError(unknown(_("member"), id, [member.id for member in members]))
    weekday, at = arguments.weekday, arguments.time
    if weekday is None and asking and not arguments.member:
        question = _("Day of the meeting ({days}; - for none):").format(days=", ".join(WEEKDAYS))
        weekday = ask(question, "-", choices=(*WEEKDAYS, "-")).strip("-")
        if weekday and at is None:
            at = _asked_time()
    return NewTeam(
        name=name,
        year=arguments.year or datetime.now(UTC).astimezone(ZoneInfo(arguments.timezone)).year,
        language=language,
        timezone=arguments.timezone,
        members=tuple(
            replace(member, lead=index == 0, blog=blogs.get(member.id, member.blog))
            for index, member in enumerate(members)
        ),
        tool=arguments.tool or "",
        weekday=weekday or "",
        at=at,
    )


def _member(text: str) -> NewMember:
    parts = [part.strip() for part in text.split(":")]
    if not 2 <= len(parts) <= 3 or not parts[0] or not parts[1]:
        raise UsageError(_("--member takes ID:NAME or ID:NAME:EMAIL, found {text}.").format(text=text))
    return NewMember(parts[0], parts[1], parts[2] if len(parts) == 3 else "")


def _asked_time() -> time:
    while True:
        try:
            return _clock(ask(_("When does it begin?"), "20:00"))
        except argparse.ArgumentTypeError as error:
            print(error)


def _asked_members() -> list[NewMember]:
    """One after the other; what is wrong is said at once, and only that is asked for again."""
    print(_("The members, the lead first; an empty id ends the list."))
    members: list[NewMember] = []
    while id := ask(_("id (small letters, names folders):")):
        mistakes = _mistakes_of((*members, NewMember(id, id)))
        if mistakes:
            print(mistakes)
            continue
        member = NewMember(id, ask(_("name:"), id))
        member = _asked_for(_("address used with git (may be empty):"), partial(_with_email, member))
        members.append(_asked_for(_("blog (may be empty):"), partial(_with_blog, member)))
    return members


def _with_email(member: NewMember, email: str) -> NewMember:
    return replace(member, email=email)


def _with_blog(member: NewMember, blog: str) -> NewMember:
    return replace(member, blog=blog)


def _asked_for(question: str, with_answer: Callable[[str], NewMember]) -> NewMember:
    """The member with what was answered, asked again until it is right."""
    while True:
        answered = with_answer(ask(question))
        mistakes = _mistakes_of([answered])
        if not mistakes:
            return answered
        print(mistakes)


def _mistakes_of(members: Sequence[NewMember]) -> str:
    """What team.yml would be refused for, one sentence a line; empty when these members are right."""
    from pydantic import ValidationError

    ids = [member.id for member in members]
    twice = next((id for id in ids if ids.count(id) > 1), None)
    if twice is not None:
        return _("Two members have the id {id}.").format(id=twice)
    try:
        for member in members:
            given = {"emails": [member.email] if member.email else None, "blog": member.blog or None}
            Member.model_validate({"id": member.id, "name": member.name, **given})
    except ValidationError as error:
        return "\n".join(str(detail["msg"]) for detail in error.errors(include_url=False, include_input=False))
    return ""


def _chosen(team: NewTeam, texts: Sequence[str]) -> dict[str, str]:
    """The losses that --assign names, by member; empty without it."""
    pairs = _pairs("--assign", texts)
    ids = [member.id for member in team.members]
    for id, loss in pairs:
        if id not in ids:
            raise UsageError(unknown(_("member"), id, ids))
        if loss not in losses.ids():
            raise UsageError(unknown(_("loss"), loss, losses.ids()))
    return dict(pairs)


def _write_first_week(root: Path, chosen: dict[str, str], starts: date | None) -> None:
    plan = load_plan(root)
    catalogue = {name: losses.get(name) for name in losses.ids()}
    language = plan.team.language
    made = draft(
        plan,
        chosen or suggestions(plan, {name: loss.difficulty for name, loss in catalogue.items()}),
        lambda loss: _("Understand {title}.").format(title=catalogue[loss].title[language]),
        datetime.now(UTC).astimezone(plan.team.zone).date(),
        starts=starts,
    )
    plan.week_path(made.number).write_text(text_of(made), encoding="utf-8", newline="\n")


def _pairs(option: str, texts: Sequence[str]) -> list[tuple[str, str]]:
    try:
        return parse_choices(texts)
    except ValueError as error:
        raise UsageError(_("{option} takes ID=…, found {text}.").format(option=option, text=error)) from None


def _first_commit(root: Path) -> None:
    repository = Repository(root)
    try:
        repository.create()
        repository.ready_identity()
        repository.commit(sorted(path for path in root.iterdir() if path.name != ".git"), "Begin")
    except GitError as error:
        print(_("The files are there, but they are not committed yet: {reason}").format(reason=error))


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            _("expected a date such as 2024-07-14, found {text}").format(text=text)
        ) from None


def _clock(text: str) -> time:
    try:
        return datetime.strptime(text, "%H:%M").time()
    except ValueError:
        raise argparse.ArgumentTypeError(_("expected a time such as 20:00, found {text}").format(text=text)) from None
