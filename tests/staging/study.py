"""Made-up studies on disk, for tests and for looking: plan, notes, pictures, solutions and records."""

from __future__ import annotations

import hashlib
import json
import random
import shutil
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from grader.tracking import ledger
from grader.tracking.attempt import Attempt

REPOSITORY = Path(__file__).parents[2]
LOSSES = ("bce", "cce", "clip", "emd")
NAMES = ("준혁", "세준", "우석", "채연", "서연", "민준", "하은", "도윤")
FIRST_DAY = date(2024, 7, 14)
NOW = datetime(2024, 8, 21, 12, tzinfo=UTC)

NOTE = """# {loss}: 정의와 쓰임

{name}의 {week}주차 노트. **EMD(지구 이동 거리)**는 한 분포를 다른 분포로 옮기는 **가장 적은 일**이다.
- 정의와 유도
  - 작은 구현 $-\\log p$

> [!tip] 기억할 것
> 평균은 배치의 크기 $N$으로 나눈다.

$$
H(P, Q) = -\\sum_x P(x) \\log Q(x)
$$

| 손실 | 쓰임 |
| --- | --- |
| BCE | 두 갈래 |
| CCE | 여러 갈래 |

```python
loss = -(target * probability.log()).sum(dim=1).mean()
```
"""

SOURCE = '''"""{name}의 {loss}, {attempt}번째."""

import torch


def entry(probabilities, targets):
    return -(targets * probabilities.log()).mean() * {attempt}
'''


def write_frame(root: Path) -> Path:
    """What a team's folder needs besides its own content: mkdocs.yml and site/."""
    root.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(REPOSITORY / "mkdocs.yml", root / "mkdocs.yml")
    if not (root / "site").exists():
        (root / "site").symlink_to(REPOSITORY / "site")
    return root


def write_study(
    root: Path, *, members: int = 4, weeks: int = 5, language: str = "ko", attempts: bool = True, note: str = NOTE
) -> Path:
    """A study whose weeks follow each other; the last one's deadline is ahead of NOW."""
    write_frame(root)
    (root / "weeks").mkdir(exist_ok=True)
    people = [(f"member{n:02d}", NAMES[n] if n < len(NAMES) else f"팀원{n}") for n in range(members)]
    lines = [f"  - {{id: {id}, name: {name}{', lead: true' if n == 0 else ''}}}" for n, (id, name) in enumerate(people)]
    (root / "weeks" / "team.yml").write_text(
        f"name: 코딩황제들\nyear: 2024\nlanguage: {language}\npurpose: 데이터에 맞는 손실 함수를 찾는다.\n"
        "plan: |\n  - 정의와 유도\n  - 작은 구현\n"
        "members:\n" + "\n".join(lines) + "\nmeeting: {tool: 네이버 웨일온, weekday: sunday, time: 20:00}\n"
        "programme:\n  {name: 스터디, min_hours: 2, sessions_per_week: 2, sessions_needed: 9, absences_allowed: 3}\n",
        encoding="utf-8",
    )
    chance = random.Random(7)
    for week in range(1, weeks + 1):
        starts = FIRST_DAY + timedelta(days=7 * (week - 1))
        ends = starts + timedelta(days=13)
        present = ", ".join(id for id, _name in people if chance.random() > 0.15)
        text = (
            f"number: {week}\ntitle: {week}번째 손실 함수\nstarts: {starts}\nends: {ends}\n"
            "summary: 손실 함수를 하나씩 맡는다.\n"
            f"plan: 정의를 적고 구현한다.\nmeetings:\n  - date: {starts}\n    start: 20:00\n    end: 22:30\n"
            f"    attended: [{present}]\n"
            f"    agenda: [지난주 노트 읽기, 이번 주 나누기]\n    decisions: [각자 하나씩]\nassignments:\n"
        )
        for n, (id, _name) in enumerate(people):
            loss = LOSSES[(n + week) % 4]
            text += f"  - {{member: {id}, loss: {loss}, goal: {loss}의 정의를 이해한다., due: {ends}}}\n"
        (root / "weeks" / f"week{week:02d}.yml").write_text(text, encoding="utf-8")
        for n, (id, name) in enumerate(people):
            loss = LOSSES[(n + week) % 4]
            folder = root / "solutions" / id / f"week{week:02d}"
            folder.mkdir(parents=True, exist_ok=True)
            (folder / "notes.md").write_text(note.format(loss=loss, name=name, week=week), encoding="utf-8")
            if attempts and week < weeks and chance.random() > 0.1:
                _hand_in(root, chance, id, name, week, loss, ends)
    return root


def _hand_in(root: Path, chance: random.Random, member: str, name: str, week: int, loss: str, due: date) -> None:
    for number in range(1, chance.choice((1, 1, 2, 3)) + 1):
        source = SOURCE.format(name=name, loss=loss, attempt=number)
        file = root / "solutions" / member / f"week{week:02d}" / f"{loss}.py"
        file.write_text(source, encoding="utf-8")
        passed = chance.random() < 0.35 + 0.3 * number
        when = datetime(due.year, due.month, due.day, 10, tzinfo=UTC) + timedelta(
            hours=chance.randint(-60, 12) + number
        )
        ledger.append(root, attempt(member, week, loss, file.relative_to(root).as_posix(), source, when, passed))


def attempt(
    member: str, week: int, loss: str, file: str, source: str, when: datetime, passed: bool, **report: Any
) -> Attempt:
    """One attempt with a report like the grader's."""
    found = {
        "schema": 1,
        "loss": loss,
        "week": week,
        "member": member,
        "file": file,
        "sha256": hashlib.sha256(source.encode()).hexdigest(),
        "verdict": "pass" if passed else "fail",
        "score": 100.0 if passed else 62.5,
        "isolation": "landlock+seccomp",
        "seed": 1234,
        "seconds": 0.02,
        "graded_at": "2024-07-20T07:00:00Z",
        "versions": {"grader": "0.1.0", "torch": "2.13.0", "python": "3.11"},
        "checks": checks(passed),
        "misconception": None
        if passed
        else {
            "id": "sum-instead-of-mean",
            "message": "모든 원소를 더하기만 했습니다. 정의는 원소 수로 나눈 평균입니다.",
        },
        "output": "" if passed else "확인용 출력 0.693\n",
        "devices": {"sim": "simulated accelerator"},
    }
    return Attempt(member, week, loss, when, found | report, message="다시 풀어 봄")


def checks(passed: bool) -> list[dict[str, Any]]:
    """The checks of a report; without `passed`, the value check has a counterexample."""
    names = [
        ("load", "cpu", 5),
        ("value", "cpu", 40),
        ("gradient", "cpu", 20),
        ("stability", "cpu", 15),
        ("device", "sim", 10),
    ]
    made = []
    for name, device, points in names:
        right = passed or name != "value"
        made.append(
            {
                "name": name,
                "device": device,
                "required": True,
                "outcome": "pass" if right else "fail",
                "points": points if right else 0,
                "max_points": points,
                "message": "24개 입력에서 모두 맞았습니다."
                if right
                else "값이 다릅니다: 2를 기대했는데 4가 나왔습니다.",
                "counterexample": None
                if right
                else {
                    "call": "bce(torch.tensor([0.5, 0.25], dtype=torch.float64), torch.tensor([1.0, 0.0]))",
                    "expected": "0.4904",
                    "got": "0.9808",
                    "where": None,
                    "device": "cpu",
                },
                "seconds": 0.004,
                "hint": None if right else "배치의 크기가 커질 때 값이 함께 커지는지 보세요.",
                "notes": [],
            }
        )
    return made


MARK = "window.planted = (window.planted || '') + '{where} '"
SCRIPT = f"<script>{MARK}</script>"
IMAGE = f'<img src=x onerror="{MARK}">'


def plant(root: Path) -> Path:
    """Scripts in every place where a member can write, in week 1 of a study that `write_study` made.

    Each sets `window.planted` to its place if it runs.
    """

    def both(where: str) -> str:
        return (SCRIPT + IMAGE).replace("{where}", where)

    team = root / "weeks" / "team.yml"
    text = team.read_text(encoding="utf-8")
    text = text.replace("name: 코딩황제들", f"name: {_quoted('코딩황제들 ' + both('team'))}")
    text = text.replace("purpose: ", f"purpose: {_quoted(both('purpose'))} #")
    team.write_text(text.replace("name: 세준", f"name: {_quoted('세준' + both('member'))}"), encoding="utf-8")
    week = root / "weeks" / "week01.yml"
    text = week.read_text(encoding="utf-8")
    text = text.replace("title: 1번째 손실 함수", f"title: {_quoted('첫 주 ' + both('title'))}")
    text = text.replace("summary: ", f"summary: {_quoted(both('summary'))} #")
    text = text.replace("decisions: [각자 하나씩]", f"decisions: [{_quoted('```' + both('decision'))}]")
    text = text.replace("goal: bce의 정의를 이해한다.", f"goal: {_quoted('목표 ' + both('goal'))}")
    week.write_text(text, encoding="utf-8")
    _plant_payloads(root)
    folder = root / "solutions" / "member01" / "week01"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "notes.md").write_text(
        HOSTILE_NOTE.replace("BOTH", both("note")).replace("MARK", MARK.replace("{where}", "note")), encoding="utf-8"
    )
    script = SCRIPT.replace("{where}", "svg")
    handler = MARK.replace("{where}", "svg")
    (folder / "그림.svg").write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40" onload="{handler}">{script}</svg>',
        encoding="utf-8",
    )
    (folder / "x' onerror=alert(1) y.txt").write_text("x", encoding="utf-8")
    (folder / "emd.html").write_text(both("file"), encoding="utf-8")
    notebook = root / "solutions" / "member03" / "week01" / "bce.ipynb"
    notebook.parent.mkdir(parents=True, exist_ok=True)
    notebook.write_text(json.dumps(_notebook(both("notebook")), ensure_ascii=False), encoding="utf-8")
    (notebook.parent / "bce.py").unlink(missing_ok=True)
    handed_in = attempt(
        "member03",
        1,
        "bce",
        "solutions/member03/week01/bce.ipynb",
        notebook.read_text(encoding="utf-8"),
        datetime(2024, 7, 20, 9, tzinfo=UTC),
        False,
        output="```\n" + both("output"),
        isolation=both("isolation"),
        misconception={"id": both("id"), "message": both("misconception")},
        checks=[check | {"message": both("check"), "name": both("name")} for check in checks(False)],
    )
    (root / "records" / "member03.jsonl").unlink(missing_ok=True)
    ledger.append(root, handed_in)
    return root


def _plant_payloads(root: Path) -> None:
    """The payloads together in notes, in each kind of text of week 2 and of the team."""

    def all_in(where: str) -> list[str]:
        # What makes text of all that follows it would only disarm the others.
        alone = [payload for payload in PAYLOADS if "<plaintext>" not in payload]
        return [payload.replace("MARK", f"window.planted='{where}'") for payload in alone]

    def listed(where: str) -> str:
        return "[" + ", ".join(map(_quoted, all_in(where))) + "]"

    def joined(where: str) -> str:
        return _quoted("\n\n".join(all_in(where)))

    week = root / "weeks" / "week02.yml"
    text = week.read_text(encoding="utf-8")
    text = text.replace("agenda: [지난주 노트 읽기, 이번 주 나누기]", f"agenda: {listed('agenda')}")
    text = text.replace("decisions: [각자 하나씩]", f"decisions: {listed('decisions')}\n    note: {joined('meeting')}")
    text = text.replace("plan: 정의를 적고 구현한다.", f"plan: {joined('plan')}")
    text = text.replace("goal: clip의 정의를 이해한다.", f"goal: {joined('goal')}, result: {joined('result')}")
    week.write_text(text, encoding="utf-8")
    team = root / "weeks" / "team.yml"
    text = team.read_text(encoding="utf-8")
    text = text.replace("tool: 네이버 웨일온", f"tool: {joined('tool')}, reason: {joined('reason')}")
    text = text.replace("name: 준혁", f"name: 준혁, full_name: {joined('full name')}")
    team.write_text(text.replace("name: 스터디", f"name: {joined('programme')}"), encoding="utf-8")
    note = root / "solutions" / "member02" / "week02" / "notes.md"
    note.write_text("\n\n".join(all_in("note")[16:]), encoding="utf-8")
    note = root / "solutions" / "member03" / "week02" / "notes.md"
    note.write_text("\n\n".join(all_in("note")[:16]), encoding="utf-8")


def _quoted(text: str) -> str:
    return json.dumps(text)


def _notebook(planted: str) -> dict[str, Any]:
    code = {
        "cell_type": "code",
        "id": "b",
        "execution_count": 1,
        "metadata": {},
        "source": ["def bce(p, t):\n", "    return p\n"],
        "outputs": [
            {
                "output_type": "display_data",
                "metadata": {},
                "data": {"text/html": planted, "image/svg+xml": f"<svg>{planted}</svg>", "text/plain": "그림"},
            },
            {"output_type": "stream", "name": "stdout", "text": planted},
            {"output_type": "error", "ename": planted, "evalue": planted, "traceback": [planted]},
        ],
    }
    words = {
        "cell_type": "markdown",
        "id": "a",
        "metadata": {},
        "source": f"# 풀이 {planted}\n\n[눌러](javascript:alert(1))",
    }
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [words, code]}


HOSTILE_NOTE = """---
title: "BOTH"
description: BOTH
tags: ["BOTH"]
---
# 제목 BOTH

BOTH

[누르면](javascript:MARK) <a href="javascript:MARK">여기</a> <a href=" java\nscript:MARK">저기</a>

문단 {: onclick="MARK" }

> [!tip]- BOTH
> BOTH

![[그림.svg]] ![[x.png|BOTH]] [[notes|BOTH]] [[BOTH]]

$\\href{javascript:MARK}{x}$ $\\text{BOTH}$ $\\style{position:fixed;inset:0}{x}$

```html
BOTH
```

`````
```
BOTH
`````

| a | b |
| --- | --- |
| BOTH | <iframe src="javascript:MARK"></iframe> |

<svg onload="MARK"><script>MARK</script><a xlink:href="javascript:MARK"><text>x</text></a></svg>
<math><mtext><table><mglyph><style><img src=x onerror="MARK">
<object data="data:text/html,BOTH"></object><embed src="javascript:MARK">
<form action="javascript:MARK"><button>보내기</button></form>
<meta http-equiv="refresh" content="0;url=javascript:MARK"><base href="https://example.org/">
<link rel="stylesheet" href="https://example.org/x.css"><style>body { display: none }</style>
![밖](https://example.org/pixel.png) <img src="https://example.org/pixel.png">
<div style="position:fixed;inset:0" id="__search" class="md-search">덮개
"""

# Ways in that each work somewhere else: attributes that begin by themselves, schemes, info strings, macros of formulas,
# front matter, template and attribute-list syntax, ids of the page's own, comments and parsers that disagree.
PAYLOADS = (
    '<svg><animate onbegin="MARK" attributeName="x" dur="1s"/></svg>',
    '<svg><set onbegin="MARK" attributeName="x" to="1"/><use href="data:image/svg+xml;base64,PHN2Zy8+#x"/></svg>',
    '<svg><a><animate attributeName="href" values="javascript:MARK"/><text x="20" y="20">x</text></a></svg>',
    "[누름][ref]\n\n[ref]: javascript:MARK",
    '[누름][ref]\n\n[ref]: <java\tscript:MARK> "제목"',
    "<javascript:MARK> <vbscript:MARK> www.example.org/&quot;onmouseover=MARK",
    '![x](data:image/svg+xml;utf8,<svg/onload="MARK">) ![y](data:text/html;base64,PHNjcmlwdD4)',
    '``` {.python onclick="MARK" #__search .md-search}\nx\n```',
    '```python"><img/src=x/onerror="MARK">\nx\n```',
    "~~~~ <script>MARK</script>\nx\n~~~~",
    "$\\href{javascript:MARK}{x}$ $\\htmlData{onclick=MARK}{x}$ $\\cssId{__search}{x}$ $\\unicode{x3c}script>$",
    "$\\require{html}\\href{javascript:MARK}{x}$ $\\mmlToken{mi}[href=javascript:MARK]{x}$",
    "$$\\begin{array}{c}\\text{<img src=x onerror=MARK>}\\\\ \\verb|</svg><script>MARK</script>|\\end{array}$$",
    '$\\texttip{x}{"><img src=x onerror=MARK>}$ $\\mathtip{x}{<b>}$ $\\toggle{a}{b}\\endtoggle$',
    "---\ntemplate: ../../main.html\nhide: [navigation]\ntitle: '<img src=x onerror=MARK>'\n---\n글",
    "글\n\n---\ntemplate: main.html\ntitle: x\n---\n",
    "{% raw %}{{ config }}{% include '/etc/passwd' %}{{ ''.__class__.__mro__ }}{{ figure: transport }}",
    '문단\n{: onclick="MARK" #__search .md-overlay }\n\n# 제목 {: onclick="MARK" }\n\n- 하나 { onclick="MARK" }',
    '[글](https://example.org){: onclick="MARK" target=_self } ![x](x.png){ onerror="MARK" }',
    '글[^__search] [^main"onclick=MARK] [^<b>]\n\n[^__search]: 각주\n[^main"onclick=MARK]: x\n[^<b>]: y',
    '<a id="__search" name="location" href="https://example.org">x</a><img name="getElementById"><form id="config">',
    '<svg></p><style><a id="</style><img src=1 onerror=MARK>">',
    '<math><mi xlink:href="data:x,<script>MARK</script>"></mi><annotation-xml encoding=text/html><script>MARK</script>',
    '<noscript><p title="</noscript><img src=x onerror=MARK>"></noscript>',
    "<details open ontoggle=MARK><summary>x</summary></details><marquee onstart=MARK>x</marquee>",
    '<input autofocus onfocus="MARK" type="checkbox"><video><source onerror=MARK></video>',
    '<p align="x" class="md-search__overlay" data-md-component="search" style="background:url(//example.org)">x</p>',
    '[x](https://example.org "\\" onmouseover=\\"MARK") [y](<https://example.org/" onclick="MARK">)',
    '[[javascript:MARK]] [[https://example.org" onclick="MARK]] ![[x.svg" onload="MARK]] [[#"><img onerror=MARK>]]',
    '> [!note"><img src=x onerror=MARK>]\n> 글\n\n> [!tip] <script>MARK</script>\n> 글',
    "| <img src=x onerror=MARK> | `<script>` |\n| --- | --- |\n| [[x\\|<script>MARK</script>]] | x |",
    "<!--><img src=x onerror=MARK>--> <!-- --!><img src=x onerror=MARK> <![CDATA[<script>MARK</script>]]>",
    "&lt;img src=x onerror=MARK&gt; \\<img src=x onerror=MARK> `&lt;img src=x onerror=MARK&gt;`",
    '*[HTML]: <img src=x onerror=MARK>\n\nHTML\n\n[TOC]\n\n--8<-- "mkdocs.yml"\n\n!!! note "<script>"\n    x',
    '</div></div></article></main><script>MARK</script><div class="md-overlay">',
    "<title></title><textarea></textarea><xmp><img src=x onerror=MARK></xmp><plaintext>",
    "https://example.org/<script>MARK</script> https://example.org/\"onclick=MARK https://example.org/'x",
    '<xmpp:a@b?javascript:MARK> <a@b.example"onclick=MARK> <mailto:x@y.z?subject=<script>>',
    "\u2028<script>MARK</script>\u2028---\u2028 \u1fef\u1fef\u1fef<img src=x onerror=MARK>\u1fef \x0b\x0c\x1c",
)
