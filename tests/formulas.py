"""Draw the formulas of the losses' pages ahead, in every language: `python -m tests.formulas`.

A team's first build finds them drawn. What is not in the file, because a page was changed, is drawn when it is built.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from pathlib import Path

from grader.messages import LANGUAGES
from grader.staging.build import BUILD, DRAWN_AHEAD, stage

ROOT = Path(__file__).parent.parent
FILE = ROOT / DRAWN_AHEAD
TEAM = "name: formulas\nyear: 2024\nmembers: [{id: nobody, name: nobody}]\n"
WEEK = """number: 1
title: None
starts: 2024-07-14
ends: 2024-07-20
assignments: [{member: nobody, loss: bce, goal: none, due: 2024-07-20}]
"""


def drawn() -> str:
    """What the file should hold."""
    with tempfile.TemporaryDirectory() as folder:
        team = Path(folder)
        (team / "weeks").mkdir()
        (team / "weeks" / "team.yml").write_text(TEAM, encoding="utf-8")
        (team / "weeks" / "week01.yml").write_text(WEEK, encoding="utf-8")
        shutil.copytree(ROOT / "site", team / "site", ignore=shutil.ignore_patterns(DRAWN_AHEAD.name))
        for language in LANGUAGES:
            stage(team, language=language)
        kept = json.loads((team / BUILD / "formulas.json").read_text(encoding="utf-8"))
    return json.dumps(kept, ensure_ascii=False, indent=0, sort_keys=True) + "\n"


if __name__ == "__main__":
    FILE.write_text(drawn(), encoding="utf-8")
