"""Addresses between staged pages: relative, as the built site has them, and only to what is there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache

from grader.staging.text import path_in_url


class NoSuchPageError(LookupError):
    """A template links to a page that nobody stages: a mistake in this room, found before the site is built."""


def address(path: str) -> str:
    """Where a staged file is found in the built site: `weeks/week01.md` is the folder `weeks/week01/`."""
    if not path.endswith(".md"):
        return path
    if path == "index.md" or path.endswith("/index.md"):
        return path[: -len("index.md")]
    return path[: -len(".md")] + "/"


@cache
def relative(source: str, target: str) -> str:
    """The address of `target` as a link on the page `source` (both staged paths)."""
    return "." if target == source else "../" * address(source).count("/") + address(target) or "./"


@dataclass
class Links:
    """What can be linked to: pages and files, each by its staged path."""

    known: set[str] = field(default_factory=set)

    def add(self, paths: Iterable[str]) -> None:
        self.known.update(paths)

    def to(self, source: str, target: str, anchor: str = "") -> str:
        """A relative address; raises NoSuchPageError for a page that is not staged."""
        if target not in self.known and not target.startswith("files/"):
            raise NoSuchPageError(f"{source} links to {target}, which is not staged")
        link = path_in_url(relative(source, target))
        if not anchor:
            return link
        return f"#{path_in_url(anchor)}" if target == source else f"{link}#{path_in_url(anchor)}"
