"""A new team's repository: small, complete, and built from the files that this one uses itself."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import time
from importlib.metadata import distribution
from pathlib import Path
from urllib.parse import unquote, urlsplit

from grader.messages import gettext as _
from grader.tracking.yaml_text import scalar

PACKAGE = "mogakco"
_HERE = Path(__file__).resolve().parents[1]
_NOT_COPIED = ("__pycache__", "readme-*", ".DS_Store")


@dataclass(frozen=True)
class NewMember:
    """One member of a new team."""

    id: str
    name: str
    email: str = ""
    blog: str = ""
    lead: bool = False


@dataclass(frozen=True)
class NewTeam:
    """What `weeks/team.yml` of a new team is made from."""

    name: str
    year: int
    language: str
    timezone: str
    members: tuple[NewMember, ...]
    tool: str = ""
    weekday: str = ""
    at: time | None = None


def template_files() -> Iterator[tuple[Path, Path]]:
    """Each file to copy and its place in the new repository: from the wheel, or from the checkout that runs."""
    packaged = _HERE / "template"
    if packaged.is_dir():
        base, names = packaged, sorted(path.name for path in packaged.iterdir())
    else:
        base = _HERE.parent
        project = tomllib.loads((base / "pyproject.toml").read_text(encoding="utf-8"))
        names = project["tool"]["mogakco"]["template"]
    for name in names:
        start = base / name
        for path in sorted(start.rglob("*")) if start.is_dir() else [start]:
            inside = path.relative_to(base)
            if path.is_file() and not any(Path(part).match(shape) for part in inside.parts for shape in _NOT_COPIED):
                yield path, inside


def write(folder: Path, team: NewTeam, requirement: str) -> None:
    """Write everything but the first week. Raises OSError; `folder` is there and empty."""
    for source, inside in template_files():
        (folder / inside).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, folder / inside)
    _write(folder / "weeks" / "team.yml", team_text(team))
    _write(folder / "pyproject.toml", project_text(requirement))
    _write(folder / "README.md", readme_text(team))
    _write(folder / "records" / ".gitkeep", "")


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")


def team_text(team: NewTeam) -> str:
    """`weeks/team.yml`, with comments in the language in force."""
    lines = [
        "# yaml-language-server: $schema=schema/team.json",
        "# " + _("Who the team is. `python3 tasks.py validate` checks it; the schema helps editors to complete it."),
        f"name: {scalar(team.name)}",
        f"year: {team.year}",
        f"language: {team.language}",
        f"timezone: {team.timezone}",
        "",
        "# " + _("What the study is for and how it goes about it: `purpose` and `plan`, in Markdown."),
        "",
        "# " + _("emails: the addresses used with git, by which `submit` knows whose work it is."),
        "members:",
    ]
    for member in team.members:
        lines += [f"  - id: {member.id}", f"    name: {scalar(member.name)}"]
        if member.lead:
            lines.append("    lead: true")
        if member.email:
            lines.append(f"    emails: [{json.dumps(member.email, ensure_ascii=False)}]")
        if member.blog:
            lines.append(f"    blog: {json.dumps(member.blog, ensure_ascii=False)}")
    rhythm = {
        "tool": scalar(team.tool) if team.tool else "",
        "weekday": team.weekday,
        "time": f"{team.at:%H:%M}" if team.at else "",
    }
    if any(rhythm.values()):
        lines += ["", "meeting:", *(f"  {key}: {value}" for key, value in rhythm.items() if value)]
    return "\n".join(lines) + "\n"


def project_text(requirement: str) -> str:
    """`pyproject.toml`: what `tasks.py` installs. `requirement` as `requirement_here` gives it."""

    def wanted(extra: str) -> str:
        return json.dumps(requirement.replace(PACKAGE, f"{PACKAGE}[{extra}]" if extra else PACKAGE, 1))

    return f"""\
[build-system]
requires = ["setuptools>=77"]
build-backend = "setuptools.build_meta"

[project]
name = "our-mogakco"
version = "0"
requires-python = ">=3.11"
dependencies = [{wanted("")}]

[project.optional-dependencies]
site = [{wanted("site")}]
test = [{wanted("site")}]

[tool.setuptools]
py-modules = []

[tool.pytest.ini_options]
testpaths = ["weeks"]
"""


def readme_text(team: NewTeam) -> str:
    """The new repository's README, in the language in force."""
    commands = {
        "python3 tasks.py status": _("this week at a glance"),
        "python3 tasks.py grade": _("grade what is in solutions/"),
        "python3 tasks.py submit": _("grade, record and commit your week's work"),
        "python3 tasks.py new-week": _("the lead: write next week's YAML and stubs"),
        "python3 tasks.py meeting start": _("log a meeting; `meeting end --attended all` when it is over"),
        "python3 tasks.py post": _("the weekly post"),
        "python3 tasks.py serve": _("the team's site on your machine"),
    }
    width = max(map(len, commands))
    table = "\n".join(f"{command.ljust(width)}  # {what}" for command, what in commands.items())
    intro = _(
        "Our study group's repository: `weeks/` says what was planned and met about, `solutions/` holds what each "
        "of us handed in, `records/` what the grader found. It needs Python 3.11 or newer; the first command sets "
        "everything up."
    )
    pages = _(
        "On GitHub, choose *GitHub Actions* as the source under Settings, Pages: every push to `main` then "
        "publishes the site."
    )
    return f"# {team.name}\n\n{intro}\n\n```sh\n{table}\n```\n\n{pages}\n"


def requirement_here() -> str:
    """How another repository asks for the package that runs: a checkout by its remote, or by its folder if it has none;
    an installed one by where it came from (PEP 610), else by its version."""
    if not (_HERE / "template").is_dir():
        return f"{PACKAGE} @ {_remote_of(_HERE.parent) or _HERE.parent.as_uri()}"
    installed = distribution(PACKAGE)
    origin = json.loads(installed.read_text("direct_url.json") or "{}")
    url = str(origin.get("url", ""))
    version_control = origin.get("vcs_info")
    if isinstance(version_control, dict):
        return f"{PACKAGE} @ {version_control['vcs']}+{url}@{version_control['commit_id']}"
    if url.startswith("file:"):
        return f"{PACKAGE} @ {_remote_of(Path(unquote(urlsplit(url).path))) or url}"
    return f"{PACKAGE} @ {url}" if url else f"{PACKAGE}=={installed.version}"


def _remote_of(folder: Path) -> str | None:
    """`git+https://…@commit` or `git+ssh://…` of a checkout's origin, if others can reach it under that.

    With the commit that is checked out, if the remote has it: members who install on different days are to grade with
    the same grader.
    """
    url = _git(folder, "remote", "get-url", "origin")
    if url is None:
        return None
    # A name and a password in an address are this clone's, and what is written here is for everybody.
    url = re.sub(r"\Ahttps://[^@/]*@", "https://", re.sub(r"\Assh://([^@/:]*):[^@/]*@", r"ssh://\1@", url))
    host, colon, path = url.partition(":")
    if url.startswith(("https://", "ssh://")):
        address = f"git+{url}"
    elif colon and "@" in host and "/" not in host and not path.startswith("/"):
        address = f"git+ssh://{host}/{path}"
    else:
        return None
    commit = _git(folder, "rev-parse", "HEAD")
    published = commit and _git(folder, "branch", "--remotes", "--contains", commit)
    return f"{address}@{commit}" if published else address


def _git(folder: Path, *words: str) -> str | None:
    """What git says, without its newline; None when it refuses or is not there."""
    try:
        asked = subprocess.run(["git", "-C", str(folder), *words], capture_output=True, text=True, check=False)
    except OSError:
        return None
    return asked.stdout.strip() if asked.returncode == 0 else None
