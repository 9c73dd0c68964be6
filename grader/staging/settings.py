"""What mkdocs needs to know of the study: names, language, navigation and where the staged pages are."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING

from grader.staging.build import Staged, stage
from grader.staging.text import in_html

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig

log = logging.getLogger("mogakco.site")
staged: list[Staged] = []
"""What was staged in this process, the newest last; `site` and `serve` report from it."""


def apply(config: MkDocsConfig, root: Path) -> None:
    """Stage, and fill the rest of the configuration in."""
    made = stage(root, language=config.extra.get("language"), docs=Path(config.docs_dir))
    staged.append(made)
    config.site_name = str(in_html(made.plan.team.name))
    config.nav = made.nav
    config.theme["language"] = made.language
    config.theme["palette"] = _named(config.theme["palette"])


def _named(palette: list[dict[str, object]]) -> list[dict[str, object]]:
    """The names of the two switches, in the page's language."""
    from grader.messages import gettext as _

    names = (_("Switch to the dark page"), _("Switch to the light page"))
    return [
        {**scheme, "toggle": {**dict(scheme["toggle"]), "name": name}}  # type: ignore[call-overload]
        for scheme, name in zip(palette, names, strict=True)
    ]
