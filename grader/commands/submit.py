"""`submit`: grade, record and commit a member's week."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from grader.commands.options import add_grading_options, choose_language, options_from
from grader.errors import UsageError
from grader.messages import gettext as _
from grader.plan import Plan, find_root, load_plan
from grader.tracking import ledger
from grader.tracking.asking import ask, can_ask
from grader.tracking.handing_in import Entry, HandIn, Result, Work, commit, works
from grader.tracking.progress import progress
from grader.tracking.repository import GitError, Identity, Repository
from grader.tracking.wording import duration

if TYPE_CHECKING:
    from grader.report import Report

MEMBER_SETTING = "mogakco.member"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    parser.add_argument("--week", type=int, metavar="N", help=_("the week; else the one that is running"))
    parser.add_argument("--member", metavar="ID", help=_("who hands in; else known from git's user.email"))
    parser.add_argument("--loss", metavar="ID", help=_("only this assignment of the week"))
    parser.add_argument("-m", "--message", default="", metavar="TEXT", help=_("a word about this attempt"))
    parser.add_argument("--push", action="store_true", help=_("push the commit, too"))
    parser.add_argument("--force", action="store_true", help=_("grade and record again what did not change"))
    add_grading_options(parser)


def run(arguments: argparse.Namespace) -> int:
    """0 when all that was handed in passed, 1 when something did not or is missing; it is on record either way."""
    choose_language(arguments)
    plan = load_plan(find_root())
    repository = Repository(plan.root)
    identity = repository.ready_identity()
    member = member_of(plan, repository, identity, arguments.member)
    week = arguments.week if arguments.week is not None else running_week(plan, member)
    asked = works(plan, week, member, arguments.loss)
    from grader.grading import versions

    hand_in = HandIn(
        repository=repository,
        identity=identity,
        grade=lambda wanted: _grade(plan, arguments, wanted),
        versions=versions(),
        message=arguments.message,
        force=arguments.force,
        seed=arguments.seed,
        devices=tuple(arguments.device or ()),
    )
    entries = hand_in.run(plan.root, asked, datetime.now(UTC))
    for entry in entries:
        _tell(entry)
    _commit(repository, plan, entries, arguments)
    return 0 if all(entry.attempt is not None and entry.attempt.passed for entry in entries) else 1


def member_of(plan: Plan, repository: Repository, identity: Identity, named: str | None) -> str:
    """Who hands in: as named, by git's address in team.yml, as remembered in this clone, or asked once."""
    if named is not None:
        return plan.member(named).id
    for member in plan.team.members:
        if identity.email.casefold() in (address.casefold() for address in member.emails):
            return member.id
    remembered = repository.setting(MEMBER_SETTING)
    if remembered:
        return plan.member(remembered).id
    ids = tuple(member.id for member in plan.team.members)
    if not can_ask():
        raise UsageError(
            _(
                "Whose work is it? No member in weeks/team.yml has the address {email}. Add it to your `emails` "
                "there, or say --member with one of: {ids}."
            ).format(email=identity.email, ids=", ".join(ids))
        )
    chosen = ask(_("Which member are you? One of {ids}:").format(ids=", ".join(ids)), choices=ids)
    repository.remember(MEMBER_SETTING, chosen)
    return chosen


def running_week(plan: Plan, member: str) -> int:
    """The running week; if it asks nothing of the member, the last one that does."""
    now = progress(plan, ledger.Ledger(), datetime.now(UTC))
    asking = [week.number for week in now.weeks if week.of(member)]
    if not asking:
        raise UsageError(_("No week assigns anything to {member} yet.").format(member=member))
    return now.current_week if now.current_week in asking else asking[-1]


def _grade(plan: Plan, arguments: argparse.Namespace, wanted: Sequence[Work]) -> Iterable[Report]:
    from grader.grading import grade_all
    from grader.weekly import task_of

    tasks = [task_of(plan, plan.week(work.week), work.assignment) for work in wanted]
    return grade_all(tasks, options_from(arguments, plan.team))


def _tell(entry: Entry) -> None:
    from grader.reporting.terminal import console, print_report
    from grader.tracking.restored import report_of

    if entry.torn is not None:
        print(_("Note: {problem}").format(problem=entry.torn))
    work, attempt = entry.work, entry.attempt
    if entry.result is Result.MISSING:
        print(_("{file}: nothing to hand in yet (no file, or the stub as it was).").format(file=work.file))
    elif entry.result is Result.CHANGED_MEANWHILE:
        print(_("{file} changed while it was being graded. Nothing was recorded; submit again.").format(file=work.file))
    elif entry.result is Result.UNCHANGED and attempt is not None:
        print(
            _("{file} has not changed since {when}; that attempt stands ({score:g}). --force grades it again.").format(
                file=work.file,
                when=f"{attempt.submitted_at.astimezone(work.due.tzinfo):%Y-%m-%d %H:%M}",
                score=attempt.score,
            )
        )
    elif attempt is not None:
        print_report(console(), report_of(attempt.report))
        print(_punctuality(attempt.late_by, work.due))


def _punctuality(late_by: int, due: datetime) -> str:
    when = f"{due:%Y-%m-%d %H:%M}"
    if late_by == 0:
        return _("Handed in on time (due {when}).").format(when=when)
    return _("Handed in {late} late (due {when}).").format(late=duration(timedelta(seconds=late_by)), when=when)


def _commit(repository: Repository, plan: Plan, entries: Sequence[Entry], arguments: argparse.Namespace) -> None:
    """Commit, and say what to do next or do it. What is on record stays there if git refuses."""
    recorded = [entry for entry in entries if entry.result is Result.RECORDED]
    if not recorded and all(entry.result is not Result.UNCHANGED for entry in entries):
        return
    print()
    try:
        made = commit(repository, plan.root, entries, arguments.message)
    except GitError as error:
        if not recorded:
            raise
        path = ledger.path_of(plan.root, entries[0].work.member).relative_to(plan.root).as_posix()
        raise GitError(
            _("The attempt is on record in {path}, but it could not be committed. {reason}").format(
                path=path, reason=error
            )
        ) from error
    branch = repository.branch() or ""
    if made is not None:
        print(_("Committed {commit} on {branch}.").format(commit=made[:9], branch=branch))
    else:
        print(_("Nothing new to commit."))
        if not repository.has_unpushed():
            return
    if arguments.push:
        repository.push()
        print(_("Pushed."))
    _tell_next(repository, branch, pushed=arguments.push)


def _tell_next(repository: Repository, branch: str, *, pushed: bool) -> None:
    remote = repository.remote()
    if remote is None:
        print(_("There is no remote to push to yet (`git remote add origin ADDRESS`)."))
        return
    if not pushed:
        words = "git push" if repository.upstream() else f"git push -u {remote} {branch}"
        print(_("Now push it: {command}").format(command=words))
    main = repository.default_branch() or "main"
    web = repository.web_address()
    if branch != main and web is not None:
        print(_("Then open the pull request: {address}").format(address=f"{web}/compare/{main}...{branch}?expand=1"))
