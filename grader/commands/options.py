"""Options that several commands share: how to grade, and in which language to speak."""

from __future__ import annotations

import argparse
import locale
import os
from typing import TYPE_CHECKING

from grader.errors import UsageError
from grader.messages import LANGUAGES, set_language
from grader.messages import gettext as _

if TYPE_CHECKING:
    from grader.grading import Options
    from grader.plan import Team
    from grader.sandbox import Limits


def add_language_option(parser: argparse.ArgumentParser) -> None:
    """`--lang`."""
    parser.add_argument("--lang", choices=LANGUAGES, help=_("language of the messages; else the team's"))


def add_grading_options(parser: argparse.ArgumentParser) -> None:
    """Devices, seed, jobs, limits, isolation and language."""
    parser.add_argument(
        "--device", action="append", metavar="NAME", help=_("cpu, cuda, mps or sim; may be given several times")
    )
    parser.add_argument("--seed", type=_seed, metavar="N", help=_("repeat a run exactly"))
    parser.add_argument("--jobs", "-j", type=_positive, metavar="N", help=_("submissions at once"))
    parser.add_argument("--check-seconds", type=_seconds, metavar="S", help=_("wall clock for one check"))
    parser.add_argument("--submission-seconds", type=_seconds, metavar="S", help=_("wall clock for one submission"))
    parser.add_argument("--cpu-seconds", type=_seconds, metavar="S", help=_("processor time for one submission"))
    parser.add_argument("--memory-mib", type=_positive, metavar="MIB", help=_("memory beyond the grader's own"))
    parser.add_argument("--output-kib", type=_positive, metavar="KIB", help=_("printed output that is kept"))
    parser.add_argument("--require-isolation", action="store_true", help=_("refuse to run without the whole jail"))
    parser.add_argument("--no-isolation", action="store_true", help=_("no jail: only for files you trust"))
    add_language_option(parser)


def choose_language(arguments: argparse.Namespace) -> None:
    """Speak the language that was asked for, else the team's, else the system's if it is Korean, else English.

    A plan that cannot be read says nothing of its language here; whoever reads it next reports what is wrong with it.
    """
    if getattr(arguments, "lang", None):
        set_language(arguments.lang)
        return
    set_language(_team_language() or ("ko" if _system_is_korean() else "en"))


def _team_language() -> str | None:
    import re

    from grader.plan import find_root

    try:
        text = (find_root() / "weeks" / "team.yml").read_text(encoding="utf-8")
    except (UsageError, OSError, UnicodeDecodeError):
        return None
    found = re.search(r"^language:\s*['\"]?(ko|en)\b", text, re.MULTILINE)
    return found.group(1) if found else None


def _system_is_korean() -> bool:
    language = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG")
    return (language or locale.getlocale()[0] or "").lower().startswith(("ko", "korean"))


def options_from(arguments: argparse.Namespace, team: Team | None) -> Options:
    """The run's options: the command line over the team's file over the defaults."""
    from grader.grading import Options

    if arguments.require_isolation and arguments.no_isolation:
        raise UsageError(_("--require-isolation and --no-isolation exclude each other."))
    return Options(
        devices=tuple(arguments.device or (team.grading.devices if team and team.grading.devices else ())),
        seed=arguments.seed,
        jobs=arguments.jobs or default_jobs(),
        limits=limits_from(arguments, team),
        isolate=not arguments.no_isolation,
        require_isolation=arguments.require_isolation,
    )


def limits_from(arguments: argparse.Namespace, team: Team | None) -> Limits:
    """The limits of a submission, in seconds and bytes."""
    from grader.sandbox import Limits

    of_team = team.limits if team else None
    given: dict[str, float] = {}
    for option, name, unit in (
        ("check_seconds", "check_seconds", 1),
        ("submission_seconds", "submission_seconds", 1),
        ("cpu_seconds", "cpu_seconds", 1),
        ("memory_mib", "memory_bytes", 2**20),
        ("output_kib", "output_bytes", 2**10),
    ):
        value = getattr(arguments, option)
        if value is None and of_team is not None:
            value = getattr(of_team, option)
        if value is not None:
            given[name] = value * unit
    return Limits(**given)  # type: ignore[arg-type]


def default_jobs() -> int:
    """Half the cores, one at least: each slot is a server beside the parent, which works as well."""
    return max(1, min(8, (os.cpu_count() or 2) // 2))


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(_("expected a whole number from 1, found {text}").format(text=text))
    return number


def _seed(text: str) -> int:
    number = int(text)
    if not 0 <= number < 2**64:
        raise argparse.ArgumentTypeError(
            _("expected a whole number from 0 to 2^64 − 1, found {text}").format(text=text)
        )
    return number


def _seconds(text: str) -> float:
    number = float(text)
    if not 0 < number < 86400:
        raise argparse.ArgumentTypeError(_("expected a number of seconds above 0, found {text}").format(text=text))
    return number
