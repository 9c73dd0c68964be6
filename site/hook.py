"""mkdocs calls this before it reads a page: the pages are staged, and the team's names and navigation filled in."""

from __future__ import annotations

from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig

from grader.staging.settings import apply


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Stage the pages of the folder that mkdocs.yml stands in."""
    apply(config, Path(config.config_file_path).parent)
    return config
