"""The pages: each kind's facts are gathered here and laid out by its template in `site/templates`."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeAlias

from markupsafe import Markup

from grader.messages import gettext as _
from grader.plan.model import Member, Week
from grader.report import CheckResult
from grader.staging import dates, source
from grader.staging.charts import Point, scores
from grader.staging.lines import YamlLines
from grader.staging.links import Links
from grader.staging.markdown import Link, Place, Rendered, Renderer
from grader.staging.marks import badge, cell
from grader.staging.pictures import Picture, PictureError
from grader.staging.problems import Problem
from grader.staging.reports import CHECKS, Sources, history
from grader.staging.stage import Stage
from grader.staging.study import Study, loss_page, member_page, report_page, week_page, words
from grader.staging.text import in_html, linked
from grader.tracking.attendance import Session
from grader.tracking.progress import Standing, State, Trust
from grader.tracking.restored import report_of

OUTCOMES = {"pass": "✓", "fail": "✗", "error": "✗", "skip": "–"}


Shared: TypeAlias = tuple[
    tuple[dict[str, str], list[str]],
    tuple[dict[str, dict[str, Any]], dict[str, str]],
    dict[str, Path],
    list[Problem],
    set[str],
]
"""What one process tells another of its part: files staged, formulas drawn, pictures made, problems, attachments."""


@dataclass
class Writer:
    """Writes pages into the stage; gathers what was wrong on the way."""

    study: Study
    stage: Stage
    links: Links
    renderer: Renderer
    environment: Any
    language: str
    catalogue: Mapping[str, Mapping[str, Any]]
    problems: list[Problem] = field(default_factory=list)
    attachments: set[str] = field(default_factory=set)
    sources: Sources = field(init=False)
    yaml_lines: YamlLines = field(init=False)
    _rows: dict[CheckResult, Markup] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.sources = Sources(self.study.root)
        self.yaml_lines = YamlLines(self.study.root)

    # --- the frame of every page ---

    def page(self, path: str, template: str, title: str, *, hide: Sequence[str] = (), **facts: Any) -> None:
        """Stage one page. Titles stand unescaped in the theme's own templates, so they are escaped here."""
        glyphs: set[str] = facts.pop("glyphs", set())
        body = self.environment.get_template(template).render(
            **facts,
            title=title,
            team=self.study.plan.team,
            plan=self.study.plan,
            progress=self.study.progress,
            now=self.study.progress.now,
            page=path,
            link=lambda target, anchor="": Markup(self.links.to(path, target, anchor)),
            week_page=week_page,
            member_page=member_page,
            loss_page=self.loss_link,
            report_page=report_page,
            member=self.study.plan.member,
            State=State,
            linked=linked,
            loss_title=self.loss_title,
            badge=badge,
            cell=lambda standing: cell(standing, self.links.to(path, *self.standing_target(standing))),
            outcome_text=outcome_text,
            check_row=self.check_row,
            counts_text=counts_text,
            check_title=check_title,
            until=lambda when: dates.until(when, self.study.progress.now),
            text=lambda value, file, key: self.text(value, path, file, key, glyphs),
        )
        front = {"title": str(in_html(title))} | ({"hide": list(hide)} if hide else {})
        head = "".join(f"{key}: {json.dumps(value, ensure_ascii=False)}\n" for key, value in front.items())
        sheet = self.renderer.formulas.glyph_sheet(glyphs)
        tail = f'\n\n<div class="glyphs" aria-hidden="true">{sheet}</div>\n' if sheet else ""
        self.stage.write(path, f"---\n{head}---\n\n{body.strip()}\n{tail}")

    def rendered(self, text: str, place: Place, glyphs: set[str]) -> Markup:
        """A text of somebody's as HTML; its problems and attachments are kept for later."""
        made: Rendered = self.renderer.render(text, place)
        glyphs |= made.glyphs
        self.problems += made.problems
        self.attachments |= made.attachments
        return Markup(made.html)

    def text(self, value: str | None, page: str, file: str, key: str, glyphs: set[str]) -> Markup:
        """The text under `key` of a YAML file: Markdown, as little trusted as a note."""
        if not value:
            return Markup("")

        def line_of(line: int) -> int:
            return self.yaml_lines.of(file, (key,), value, line)

        return self.rendered(
            value, Place(file, self.link_from(page), f"{key}-", self.study.vault, line_of=line_of), glyphs
        )

    def link_from(self, page: str) -> Link:
        """Addresses as links on one page."""
        return lambda target, anchor: self.links.to(page, target, anchor)

    def loss_title(self, loss: str) -> str:
        """What a loss is called, in the page's language."""
        found = self.catalogue.get(loss)
        return str(words(found["title"], self.language)) if found else loss

    def loss_link(self, loss: str) -> str | None:
        """The page of a loss, or None when the catalogue has none of that name."""
        return loss_page(loss) if loss_page(loss) in self.links.known else None

    def standing_target(self, standing: Standing) -> tuple[str, str]:
        """Where a cell of the matrix leads: the report, or the member's part of the week."""
        report = report_page(standing)
        return (report, "") if report else (week_page(standing.week), standing.member)

    def share(self) -> Shared:
        """What was staged and found so far, for `take` in another process."""
        pictures = self.renderer.pictures.made
        return self.stage.share(), self.renderer.formulas.share(), pictures, self.problems, self.attachments

    def take(self, shared: Shared) -> None:
        """Count what a copy of this writer did."""
        staged, drawn, pictures, problems, attachments = shared
        self.stage.take(staged)
        self.renderer.formulas.take(drawn)
        self.renderer.pictures.made.update(pictures)
        self.problems += problems
        self.attachments |= attachments

    def check_row(self, check: CheckResult) -> Markup:
        """One row of a report. Most rows of a study are alike, so each is made once."""
        alike = replace(check, seconds=0.0, counterexample=None)
        if alike not in self._rows:
            made = self.environment.get_template("check.html").render(
                check=check,
                title=check_title(check.name),
                sign=OUTCOMES[check.outcome],
                outcome=outcome_text(check.outcome),
            )
            self._rows[alike] = Markup(made)
        return self._rows[alike]

    # --- the kinds of page ---

    def home(self) -> None:
        """The team, this week, the matrix, what changed."""
        made = self.study.progress
        current = made.week(made.current_week) if made.current_week is not None else None
        self.page(
            "index.md",
            "home.md",
            self.study.plan.team.name,
            hide=("navigation", "toc"),
            week=self.study.plan.week(current.number) if current else None,
            current=current,
            owed=[standing for standing in made.owed() if current and standing.week == current.number],
            overdue=[s for s in made.owed() if not current or s.week != current.number],
            glyphs=set(),
        )

    def weeks(self) -> None:
        """The list of weeks and a page for each."""
        weeks = self.study.plan.weeks
        self.page("weeks/index.md", "weeks.md", _("Weeks"), weeks=weeks)
        for index, week in enumerate(weeks):
            before = weeks[index - 1] if index else None
            after = weeks[index + 1] if index + 1 < len(weeks) else None
            self.week(week, before, after)

    def week(self, week: Week, before: Week | None, after: Week | None) -> None:
        """One week, with every note in full."""
        path = week_page(week.number)
        glyphs: set[str] = set()
        found = self.study.progress.week(week.number)
        self.page(
            path,
            "week.md",
            week_title(week),
            week=week,
            before=before,
            after=after,
            standings=found.standings if found else (),
            parts=[part for member in self.study.plan.team.members if (part := self._part(path, week, member, glyphs))],
            sessions=[self._session(path, session) for session in (found.sessions if found else ())],
            file=f"weeks/week{week.number:02d}.yml",
            glyphs=glyphs,
        )

    def _part(self, page: str, week: Week, member: Member, glyphs: set[str]) -> dict[str, Any] | None:
        note = self.study.note(week.number, member.id)
        standings = self.study.progress.of(member.id, week.number)
        if not note and not standings:
            return None
        return {"member": member, "standings": standings, "note": self._note(page, note, member, glyphs)}

    def _note(self, page: str, note: str | None, member: Member, glyphs: set[str]) -> Markup | None:
        if note is None:
            return None
        file = f"solutions/{note}"
        try:
            text = self.study.vault.files[note].read_text(encoding="utf-8")
        except UnicodeDecodeError as error:
            text = error.object.decode("utf-8", "replace")
            line = error.object.count(b"\n", 0, error.start) + 1
            self.problems.append(Problem(file, line, _("this is not UTF-8 text; unreadable letters are shown as �")))
        except OSError:
            self.problems.append(Problem(file, 1, _("the note can not be read")))
            return None
        place = Place(file, self.link_from(page), f"{member.id}-", self.study.vault, note)
        return self.rendered(text, place, glyphs)

    def _session(self, page: str, session: Session) -> dict[str, Any]:
        photos: list[tuple[Picture, str]] = []
        file = f"weeks/week{session.week:02d}.yml"
        for number, photo in enumerate(session.meeting.photos):
            try:
                where = self.study.root / photo
                if not where.resolve().is_relative_to(self.study.root.resolve()):
                    raise PictureError(_("the photo is not in the team's folder"))
                picture = self.renderer.pictures.of(photo.removeprefix("solutions/"), where)
                photos.append((picture, picture.data_uri or self.links.to(page, picture.path)))
            except PictureError as error:
                meetings = self.study.plan.week(session.week).meetings
                index = next(n for n, meeting in enumerate(meetings) if meeting is session.meeting)
                line = self.yaml_lines.of(file, ("meetings", index, "photos", number))
                self.problems.append(Problem(file, line, f"{photo}: {error}"))
        return {"session": session, "photos": photos, "file": file}

    def members(self) -> None:
        """The list of members and a page for each."""
        self.page("members/index.md", "members.md", _("Members"))
        for member in self.study.plan.team.members:
            self.member(member)

    def member(self, member: Member) -> None:
        """One member: progress, attendance, posts, notes and reports."""
        found = self.study.progress.member(member.id)
        assert found is not None
        points = [
            Point(
                attempt.score,
                f"{_('Week {week}').format(week=standing.week)} · {standing.loss}: {attempt.score:g}",
                attempt.passed,
            )
            for standing in found.standings
            for attempt in standing.attempts
        ]
        groups = [str(standing.week) for standing in found.standings for _attempt in standing.attempts]
        chart = scores(points, _("Scores over all attempts"), groups=groups) if points else None
        self.page(
            member_page(member.id),
            "member.md",
            member.name,
            who=member,
            mine=found,
            chart=chart,
            notes={standing.week: self.study.note(standing.week, member.id) for standing in found.standings},
            stray=[attempt for attempt in self.study.progress.unassigned if attempt.member == member.id],
        )

    def reports(self) -> None:
        """A page for every submission that was tried."""
        for week in self.study.progress.weeks:
            for standing in week.standings:
                if standing.attempts:
                    self.report(standing)

    def report(self, standing: Standing) -> None:
        """One submission: the attempt that counts in full, and all of them in a row."""
        path = report_page(standing)
        shown = standing.best or standing.last
        assert path is not None and shown is not None
        glyphs: set[str] = set()
        steps = history(standing.attempts, self.sources)
        name = self.study.plan.member(standing.member).name
        text = self.sources.of(shown)
        code = None
        if text is not None:
            place = Place(shown.file, self.link_from(path), "cell-", self.study.vault)
            code = source.as_markdown(
                text,
                shown.file,
                lambda cell, line_of: self.rendered(cell, replace(place, line_of=line_of), glyphs),
            )
        self.page(
            path,
            "report.md",
            _("{name}: {loss}, week {week}").format(name=name, loss=standing.loss, week=standing.week),
            standing=standing,
            shown=shown,
            report=report_of(shown.report),
            steps=steps,
            code=code,
            broken=standing.trust is Trust.BROKEN,
            glyphs=glyphs,
        )

    def meetings(self) -> None:
        """The log of all meetings, and the report to print."""
        log = [self._session("meetings/index.md", session) for session in self.study.progress.sessions]
        self.page("meetings/index.md", "meetings.md", _("Meetings"), log=log)
        proof = [self._session("activity.md", session) for session in self.study.progress.sessions]
        self.page("activity.md", "activity.md", _("Activity report"), log=proof, hide=("navigation", "toc"))

    def losses(self, prose: Mapping[str, Path], inserts: Mapping[str, str]) -> None:
        """The catalogue and a page for each loss; `prose` maps an id to its hand-written text."""
        everyone = [standing for week in self.study.progress.weeks for standing in week.standings]
        self.page("losses/index.md", "losses.md", _("Losses"), losses=self.catalogue.values(), words=self.words)
        for id, loss in self.catalogue.items():
            path = loss_page(id)
            glyphs: set[str] = set()
            place = Place(
                f"site/content/losses/{prose[id].name}" if id in prose else id,
                self.link_from(path),
                "",
                self.study.vault,
                pages={f"{other}.md": loss_page(other) for other in self.catalogue},
                inserts=inserts,
                shift=0,
                trusted=True,
            )
            text = prose[id].read_text(encoding="utf-8") if id in prose else ""
            text = text.removeprefix("\ufeff").lstrip()
            if text.startswith("# "):
                text = text.partition("\n")[2]
            formula = self.renderer.formulas.draw(loss["formula"], display=True)
            glyphs.update(formula.glyphs)
            self.page(
                path,
                "loss.md",
                self.loss_title(id),
                loss=loss,
                words=self.words,
                formula=Markup(formula.svg) if formula.svg else None,
                prose=self.rendered(text, place, glyphs) if text else None,
                studied=[standing for standing in everyone if standing.loss == id],
                call=Markup(source.signature(loss)),
                glyphs=glyphs,
            )

    def words(self, texts: Mapping[str, Any]) -> str:
        """A text of the catalogue in the page's language."""
        return str(words(texts, self.language))

    def attached(self, paths: Iterable[str]) -> None:
        """Stage the files that notes link to, and the pictures, which were converted when they were met."""
        for path in sorted(paths):
            self.stage.copy(f"files/{path}", self.study.vault.files[path])
        for staged, converted in sorted(self.renderer.pictures.made.items()):
            self.stage.copy(staged, converted)


def week_title(week: Week) -> str:
    """`Week 1: four losses`."""
    number = _("Week {week}").format(week=week.number)
    return f"{number}: {week.title}" if week.title else number


def check_title(name: str) -> str:
    """What a check is called; one that this version does not know keeps its own name."""
    return _(CHECKS[name]) if name in CHECKS else name


def outcome_text(outcome: str) -> str:
    """What came of a check, in words."""
    texts = {"pass": _("passed"), "fail": _("failed"), "error": _("error"), "skip": _("skipped")}
    return texts.get(outcome, outcome)


def counts_text(session: Session) -> str:
    """Whether a meeting counts by the programme's rules, and why not."""
    if session.counted:
        return _("yes")
    reasons = {
        "too-short": _("no: too short"),
        "no-end": _("no: its end is not noted"),
        "too-many-this-week": _("no: too many in that week"),
        "not-held": _("no: not held"),
        "nobody-noted": _("no: nobody is noted as present"),
    }
    return reasons.get(session.why_not, _("no"))
