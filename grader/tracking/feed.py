"""`feed.xml`: an Atom feed of what was handed in and of the blog posts (RFC 4287)."""

from __future__ import annotations

import hashlib
import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from grader.messages import gettext as _
from grader.tracking.attempt import Attempt, to_text

if TYPE_CHECKING:
    from grader.plan.model import Plan
    from grader.tracking.progress import Progress, Standing

MOST = 60
NAME = "feed.xml"
_NAMESPACE = "http://www.w3.org/2005/Atom"
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot hold, not even escaped."""


@dataclass(frozen=True)
class Entry:
    """One entry: an attempt or a post."""

    id: str
    title: str
    author: str
    updated: datetime
    link: str
    summary: str


def feed(plan: Plan, progress: Progress, url: str, link_of: Callable[[Attempt], str]) -> bytes:
    """The feed's bytes, newest first, at most MOST entries. The same records give the same bytes.

    `url` is the site's address, with a slash at its end (it may be relative when the site has none); `link_of` gives an
    attempt's page.
    """
    standings = [standing for week in progress.weeks for standing in week.standings]
    entries = [entry for standing in standings for entry in _entries(plan, standing, link_of)]
    entries.sort(key=lambda entry: (entry.updated, entry.id), reverse=True)
    ElementTree.register_namespace("", _NAMESPACE)
    top = ElementTree.Element(f"{{{_NAMESPACE}}}feed")
    newest = max((entry.updated for entry in entries), default=_first_moment(plan, progress))
    _text(top, "id", _id(plan, "feed"))
    _text(top, "title", plan.team.name)
    _text(top, "updated", to_text(newest))
    _author(top, plan.team.name)
    ElementTree.SubElement(top, f"{{{_NAMESPACE}}}link", {"href": _clean(url)})
    ElementTree.SubElement(top, f"{{{_NAMESPACE}}}link", {"rel": "self", "href": _clean(f"{url}{NAME}")})
    for entry in entries[:MOST]:
        _add(top, entry)
    ElementTree.indent(top)
    return bytes(ElementTree.tostring(top, encoding="utf-8", xml_declaration=True))


def _entries(plan: Plan, standing: Standing, link_of: Callable[[Attempt], str]) -> Iterator[Entry]:
    name = plan.member(standing.member).name
    for attempt in standing.attempts:
        verdict = _("passed") if attempt.passed else _("not yet")
        yield Entry(
            id=_id(plan, f"attempt/{attempt.id}"),
            title=_("Week {week}: {name} hands in {loss}, {verdict} ({score:g})").format(
                week=standing.week, name=name, loss=standing.loss, verdict=verdict, score=attempt.score
            ),
            author=name,
            updated=attempt.submitted_at,
            link=link_of(attempt),
            summary=attempt.message,
        )
    for post in standing.assignment.posts:
        digest = hashlib.sha256(post.encode()).hexdigest()[:16]
        yield Entry(
            id=_id(plan, f"post/week{standing.week:02d}/{standing.member}/{digest}"),
            title=_("Week {week}: {name} writes about {loss}").format(
                week=standing.week, name=name, loss=standing.loss
            ),
            author=name,
            # Nobody notes when a post came out: its week's deadline is the nearest that is known.
            updated=standing.due,
            link=post,
            summary=standing.assignment.goal,
        )


def _add(top: ElementTree.Element, entry: Entry) -> None:
    element = ElementTree.SubElement(top, f"{{{_NAMESPACE}}}entry")
    _text(element, "id", entry.id)
    _text(element, "title", entry.title)
    _text(element, "updated", to_text(entry.updated))
    _author(element, entry.author)
    ElementTree.SubElement(element, f"{{{_NAMESPACE}}}link", {"href": _clean(entry.link)})
    if entry.summary:
        _text(element, "summary", entry.summary)


def _author(parent: ElementTree.Element, name: str) -> None:
    _text(ElementTree.SubElement(parent, f"{{{_NAMESPACE}}}author"), "name", name)


def _text(parent: ElementTree.Element, name: str, text: str) -> None:
    ElementTree.SubElement(parent, f"{{{_NAMESPACE}}}{name}").text = _clean(text)


def _clean(text: str) -> str:
    return _FORBIDDEN.sub("�", text)


def _id(plan: Plan, name: str) -> str:
    team = hashlib.sha256(f"{plan.team.name}/{plan.team.year}".encode()).hexdigest()[:12]
    return f"tag:{team}.mogakco,{plan.team.year}:{name}"


def _first_moment(plan: Plan, progress: Progress) -> datetime:
    """For a feed without entries: a moment that does not change with every build."""
    return min(
        (session.starts for session in progress.sessions), default=datetime(plan.team.year, 1, 1, tzinfo=plan.team.zone)
    )
