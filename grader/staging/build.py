"""Staging: the team's folder in, a folder of Markdown pages out, with the navigation that belongs to it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from grader import losses
from grader.messages import gettext as _
from grader.messages import set_language
from grader.plan import Plan
from grader.staging import data, drawing, sharing
from grader.staging.catalogue import Catalogue
from grader.staging.links import Links
from grader.staging.markdown import Renderer
from grader.staging.math import Formulas
from grader.staging.pages import Shared, Writer, week_title
from grader.staging.pictures import Pictures
from grader.staging.problems import Problem
from grader.staging.stage import Changes, Stage
from grader.staging.study import Study, loss_page, member_page, read_study, report_page, week_page
from grader.staging.theme import environment

BUILD = "build"
ASSETS = "assets"
DRAWN_AHEAD = Path("site", "content", "formulas.json")
"""The formulas of the losses' pages, drawn: a first build would spend half a second on them."""
FEEDS = ("feed.xml", "meetings.ics", "progress.json", "progress.csv", "gradebook.csv")


@dataclass(frozen=True)
class Staged:
    """What a staging gave: the plan it showed, the navigation, what changed and what is wrong in members' files."""

    plan: Plan
    language: str
    nav: list[Any]
    changes: Changes
    problems: tuple[Problem, ...]
    docs: Path


def stage(root: Path, *, language: str | None = None, docs: Path | None = None, now: datetime | None = None) -> Staged:
    """Stage the study below `root` into `docs` (by default `build/docs`).

    Raises PlanError when something in `weeks/` is wrong; what is wrong in notes is told in `problems`.
    """
    catalogue = Catalogue(root / BUILD / "catalogue.json")
    study = read_study(root, now or datetime.now(UTC))
    language = language or study.plan.team.language
    set_language(language)
    folder = docs or root / BUILD / "docs"
    formulas = Formulas(root / BUILD / "formulas.json", ahead=root / DRAWN_AHEAD)
    links = Links()
    links.add(_paths(root, study))
    writer = Writer(
        study=study,
        stage=Stage(folder),
        links=links,
        renderer=Renderer(formulas, Pictures(root / BUILD / "pictures")),
        environment=environment(root / "site" / "templates", root / BUILD / "templates", language),
        language=language,
        catalogue={},
    )
    drawings = drawing.Drawings(root)
    taken = _begin_others(writer)
    writer.weeks()
    writer.catalogue = {loss["id"]: loss for loss in catalogue.read()}
    writer.home()
    writer.members()
    writer.losses(_prose(root, language), drawings.inserts())
    taken()
    writer.attached(writer.attachments)
    for asset in _assets(root):
        writer.stage.copy(f"{ASSETS}/{asset.relative_to(root / 'site' / ASSETS).as_posix()}", asset)
    formulas.save()
    return Staged(study.plan, language, _nav(study), writer.stage.finish(), tuple(sorted(set(writer.problems))), folder)


def _begin_others(writer: Writer) -> Callable[[], None]:
    """Stage half of a large study's pages aside if that pays. Call what comes back to finish."""

    def write() -> None:
        writer.reports()
        writer.meetings()
        for path, content in data.feeds(writer.study, writer.links).items():
            writer.stage.write(path, content)

    if not sharing.worthwhile(sum(len(week.standings) for week in writer.study.progress.weeks)):
        write()
        return lambda: None

    def write_aside() -> Shared:
        write()
        return writer.share()

    result = sharing.aside(write_aside)
    return lambda: writer.take(result())


def _paths(root: Path, study: Study) -> list[str]:
    paths = ["index.md", "activity.md", *FEEDS]
    paths += [f"{kind}/index.md" for kind in ("weeks", "members", "losses", "meetings")]
    paths += [week_page(week.number) for week in study.plan.weeks]
    paths += [member_page(member.id) for member in study.plan.team.members]
    paths += [loss_page(id) for id in losses.ids()]
    standings = [standing for week in study.progress.weeks for standing in week.standings]
    return paths + [path for standing in standings if (path := report_page(standing))]


def _assets(root: Path) -> list[Path]:
    folder = root / "site" / ASSETS
    return sorted(path for path in folder.rglob("*") if path.is_file() and not path.name.startswith("readme-"))


def _prose(root: Path, language: str) -> dict[str, Path]:
    """The hand-written text of each loss: `bce.md`, or `bce.en.md` where the page is in English and there is one."""
    folder = root / "site" / "content" / "losses"
    found = {}
    for id in losses.ids():
        own = folder / f"{id}.{language}.md"
        general = folder / f"{id}.md"
        if own.is_file() or general.is_file():
            found[id] = own if own.is_file() else general
    return found


def _nav(study: Study) -> list[Any]:
    """Short on purpose: navigation is printed into every page, and is most of what a large site costs."""
    weeks = [{_escaped(week_title(week)): week_page(week.number)} for week in reversed(study.plan.weeks)]
    members = [{_escaped(member.name): member_page(member.id)} for member in study.plan.team.members]
    return [
        {_("Home"): "index.md"},
        {_("Weeks"): ["weeks/index.md", *weeks]},
        {_("Members"): ["members/index.md", *members]},
        {_("Losses"): ["losses/index.md", *(loss_page(id) for id in losses.ids())]},
        {_("Meetings"): ["meetings/index.md", {_("Activity report"): "activity.md"}]},
    ]


def _escaped(title: str) -> str:
    from grader.staging.text import in_html

    return str(in_html(title))
