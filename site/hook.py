"""mkdocs calls this before it reads a page: the pages are staged, and the team's names and navigation filled in."""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment, FileSystemBytecodeCache
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import Files

from grader.staging.settings import apply


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Stage the pages of the folder that mkdocs.yml stands in."""
    apply(config, Path(config.config_file_path).parent)
    return config


def on_env(env: Environment, config: MkDocsConfig, files: Files) -> Environment:
    """Keep the theme's compiled templates between builds: compiling them is half of what a small build costs."""
    env.bytecode_cache = FileSystemBytecodeCache(str(Path(config.config_file_path).parent / "build" / "templates"))
    return env
