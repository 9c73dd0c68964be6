"""`new-week`: write next week's YAML and its stubs."""

from __future__ import annotations

import argparse
from datetime import UTC, date, datetime

from grader import losses
from grader.commands.options import add_language_option, choose_language
from grader.errors import PlanError, UsageError
from grader.messages import gettext as _
from grader.messages import language as current_language
from grader.messages import set_language
from grader.plan import Plan, find_root, load_plan
from grader.plan.mistakes import unknown
from grader.plan.stub import write_stubs
from grader.tracking.asking import ask, can_ask
from grader.tracking.files import write_new
from grader.tracking.next_week import draft, parse_choices, suggestions, text_of


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    parser.add_argument(
        "--assign",
        action="append",
        default=[],
        metavar="MEMBER=LOSS",
        help=_("who does what; without it you are asked, or one is suggested for everybody"),
    )
    parser.add_argument(
        "--start", type=_day, metavar="DATE", help=_("first day; else seven days after the last week's")
    )
    parser.add_argument("--title", default="", metavar="TEXT", help=_("the week in a few words"))
    parser.add_argument("--no-stubs", action="store_true", help=_("only the YAML"))
    add_language_option(parser)


def run(arguments: argparse.Namespace) -> int:
    """Write weeks/weekNN.yml and the stubs, check them, and say what was written; 0."""
    choose_language(arguments)
    plan = load_plan(find_root())
    catalogue = {name: losses.get(name) for name in losses.ids()}
    suggested = suggestions(plan, {name: loss.difficulty for name, loss in catalogue.items()})
    language = plan.team.language
    chosen = _chosen(plan, arguments, suggested)
    reader = current_language()
    # The file is the team's, whoever writes it.
    set_language(language)
    made = draft(
        plan,
        chosen,
        lambda loss: _("Understand {title}.").format(title=catalogue[loss].title[language]),
        datetime.now(UTC).astimezone(plan.team.zone).date(),
        starts=arguments.start,
        title=arguments.title,
    )
    text = text_of(made)
    set_language(reader)
    path = plan.week_path(made.number)
    try:
        write_new(path, text.encode("utf-8"))
    except OSError as error:
        raise UsageError(_("Cannot write {path}: {error}.").format(path=path, error=error.strerror)) from error
    try:
        plan = load_plan(plan.root)
    except PlanError:
        path.unlink()
        raise
    print(
        _("Wrote {path}. Look it over: the goals are suggestions.").format(path=path.relative_to(plan.root).as_posix())
    )
    if not arguments.no_stubs:
        for stub in write_stubs(plan, made.number):
            print(_("Wrote {path}.").format(path=stub.relative_to(plan.root).as_posix()))
    print(_("Nothing is committed yet. To share it: {command}").format(command=_sharing(made.number)))
    return 0


def _sharing(week: int) -> str:
    return f"git add weeks solutions && git commit -m 'Week {week}' && git push"


def _chosen(plan: Plan, arguments: argparse.Namespace, suggested: dict[str, str]) -> dict[str, str]:
    """Each member's loss: as said with --assign, else asked for, else as suggested."""
    if arguments.assign:
        try:
            pairs = parse_choices(arguments.assign)
        except ValueError as error:
            raise UsageError(_("--assign takes MEMBER=LOSS, found {text}.").format(text=error)) from None
        for id, loss in pairs:
            plan.member(id)
            if loss not in losses.ids():
                raise UsageError(unknown(_("loss"), loss, losses.ids()))
        return dict(pairs)
    if not can_ask():
        return suggested
    chosen = {}
    for member in plan.team.members:
        question = _("{name}: which loss ({losses}; - for none)?").format(
            name=member.name, losses=", ".join(losses.ids())
        )
        answer = ask(question, suggested[member.id], choices=(*losses.ids(), "-"))
        if answer != "-":
            chosen[member.id] = answer
    return chosen


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            _("expected a date such as 2024-07-14, found {text}").format(text=text)
        ) from None
