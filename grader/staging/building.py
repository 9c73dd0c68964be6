"""From staged pages to a site: mkdocs is run here, strictly, once for each language."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from mkdocs.commands.build import build as mkdocs_build
from mkdocs.config import load_config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort, MkDocsException

from grader.staging import settings
from grader.staging.build import BUILD
from grader.staging.problems import Problem


@dataclass(frozen=True)
class Built:
    """What a build gave."""

    pages: int
    problems: tuple[Problem, ...]
    """In members' files; the pages show them too."""
    refusals: tuple[str, ...]
    """What mkdocs warned of: with any, the site is not what it should be."""


class _Warnings(logging.Handler):
    """Gathers what mkdocs warns of, so that it can be told in one place."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        message = record.getMessage()
        # Building only what changed is warned of each time; the navigation is the same, so nothing goes wrong by it.
        if not message.startswith("A 'dirty' build"):
            self.messages.append(message)


def configuration(root: Path, out: Path, language: str | None = None, *, strict: bool = True) -> MkDocsConfig:
    """mkdocs.yml of `root`, with folders for this language."""
    docs = root / BUILD / (f"docs-{language}" if language else "docs")
    docs.mkdir(parents=True, exist_ok=True)
    config = load_config(str(root / "mkdocs.yml"), strict=strict, docs_dir=str(docs), site_dir=str(out))
    if language:
        config.extra["language"] = language
    return config


def build(root: Path, out: Path, *, languages: Sequence[str] = (), dirty: bool = False) -> Built:
    """Stage and build; the first language at `out`, any further one in a folder of its name below it."""
    warnings = _Warnings()
    logger = logging.getLogger("mkdocs")
    logger.addHandler(warnings)
    settings.staged.clear()
    try:
        for index, language in enumerate(languages or [None]):
            config = configuration(root, out if index == 0 else out / str(language), language, strict=not dirty)
            config.plugins.on_startup(command="build", dirty=dirty)
            try:
                mkdocs_build(config, dirty=dirty)
            except (Abort, MkDocsException) as error:
                warnings.messages.append(str(error))
            finally:
                config.plugins.on_shutdown()
    finally:
        logger.removeHandler(warnings)
    problems = tuple(sorted({problem for staged in settings.staged for problem in staged.problems}))
    pages = sum(1 for staged in settings.staged for _page in staged.docs.rglob("*.md"))
    return Built(pages, problems, tuple(warnings.messages))
