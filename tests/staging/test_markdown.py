"""Notes as Obsidian writes them, turned into HTML: what Korean members really type, and what nobody may get through."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image
from study import PAYLOADS

from grader.staging.markdown import Place, Rendered, Renderer, anchors
from grader.staging.math import Formulas
from grader.staging.pictures import Pictures
from grader.staging.text import nfc
from grader.staging.vault import Note, Vault

NOTE = "sejun/week01/notes.md"


@pytest.fixture(scope="module")
def vault(tmp_path_factory: pytest.TempPathFactory) -> Vault:
    root = tmp_path_factory.mktemp("solutions")
    for path in ("sejun/week01", "sejun/week02", "useok/week01"):
        (root / path).mkdir(parents=True)
        (root / path / "notes.md").write_text("# 정의\n\n## 둘째 절\n", encoding="utf-8")
    Image.new("RGB", (800, 400), "navy").save(root / "sejun/week01/그림 이름.png")
    Image.new("RGB", (40, 30), "navy").save(root / "useok/week01/남의 그림.png")
    decomposed = unicodedata.normalize("NFD", "자모.png")
    Image.new("RGB", (10, 10)).save(root / "sejun/week01" / decomposed)
    (root / "sejun/week01/자료.pdf").write_bytes(b"%PDF-1.4")
    files = {nfc(path.relative_to(root).as_posix()): path for path in root.rglob("*") if path.is_file()}
    notes = {
        f"{path}/notes.md": Note(f"{path}/notes.md", f"weeks/{path.split('/')[1]}.md", path.split("/")[0])
        for path in ("sejun/week01", "sejun/week02", "useok/week01")
    }
    return Vault.of(files, notes)


@pytest.fixture(scope="module")
def renderer(tmp_path_factory: pytest.TempPathFactory) -> Renderer:
    folder = tmp_path_factory.mktemp("cache")
    return Renderer(Formulas(folder / "formulas.json"), Pictures(folder / "pictures"))


@pytest.fixture(scope="module")
def render(renderer: Renderer, vault: Vault):
    place = Place(
        f"solutions/{NOTE}", lambda page, anchor: f"/{page}{'#' + anchor if anchor else ''}", "sejun-", vault, NOTE
    )
    return lambda text: renderer.render(text, place)


def flat(markup: str) -> str:
    return re.sub(r"\s+", " ", markup).strip()


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("**EMD(지구 이동 거리)**는", "<strong>EMD(지구 이동 거리)</strong>는"),
        ("**굵게**입니다", "<strong>굵게</strong>입니다"),
        ("1~3주차,10~20분", "1&#126;3주차,10&#126;20분"),
        ("~~지움~~", "<del>지움</del>"),
        ("==강조==", "<mark>강조</mark>"),
        ("첫 줄\n둘째 줄", "첫 줄<br> 둘째 줄"),
        ("글\n- 하나\n- 둘", "<p>글</p> <ul> <li>하나</li> <li>둘</li> </ul>"),
        ("- 하나\n  - 둘", "<li>하나 <ul> <li>둘</li> </ul> </li>"),
        ("- 하나\n    - 둘", "<li>하나 <ul> <li>둘</li> </ul> </li>"),
        ("- 하나\n\t- 둘", "<li>하나 <ul> <li>둘</li> </ul> </li>"),
        ("1) 하나\n2) 둘", "<ol> <li>하나</li> <li>둘</li> </ol>"),
        ("- [ ] 할 일", "☐"),
        ("- [x] 한 일", "☑"),
        ("[[week02/notes|별명]]", '<a href="/weeks/week02.md#sejun">별명</a>'),
        ("[[week02]]", '<a href="/weeks/week02.md#sejun">week02</a>'),
        ("[[useok/week01/notes]]", '<a href="/weeks/week01.md#useok">useok/week01/notes</a>'),
        ("[[week02/notes#둘째 절]]", '<a href="/weeks/week02.md#sejun-둘째-절">week02/notes › 둘째 절</a>'),
        ("# 여기\n[[#여기]]", '<a href="#sejun-여기">여기</a>'),
        ("![[week02/notes]]", '<a href="/weeks/week02.md#sejun">week02/notes</a>'),
        ("[[자료.pdf]]", '<a href="/files/sejun/week01/자료.pdf">자료.pdf</a>'),
        ("| a | b |\n|---|---|\n| [[week02\\|별명]] | x |", '<td><a href="/weeks/week02.md#sejun">별명</a></td>'),
        ("보임 %%숨김%% 보임", "<p>보임 보임</p>"),
        ("`[[week02]] $x$ %%y%%`", "<code>[[week02]] $x$ %%y%%</code>"),
        ("값은 $5이고 $6이다", "값은 $5이고 $6이다"),
        ("https://example.org/~user", 'href="https://example.org/&#126;user" rel="nofollow noopener"'),
    ],
)
def test_obsidian_is_read_as_it_is_meant(render, written: str, shown: str) -> None:
    assert shown in flat(render(written).html)


@pytest.mark.parametrize(
    ("written", "width", "height", "caption"),
    [
        ("![[그림 이름.png]]", 800, 400, ""),
        ("![[그림 이름.png|300]]", 300, 150, ""),
        ("![[그림 이름.png|설명|300x200]]", 300, 200, "설명"),
        ("![[남의 그림.png]]", 40, 30, ""),
        ("![[useok/week01/남의 그림.png]]", 40, 30, ""),
        ("![[자모.png]]", 10, 10, ""),
        ("![글](그림%20이름.png)", 800, 400, ""),
        ("![글|120](<그림 이름.png>)", 120, 60, ""),
    ],
)
def test_pictures_are_found_and_keep_their_place(render, written: str, width: int, height: int, caption: str) -> None:
    made = render(written)
    assert made.problems == []
    assert f'width="{width}" height="{height}"' in made.html
    assert ".webp" in made.html
    assert (f'<span class="caption">{caption}</span>' in made.html) == bool(caption)


@pytest.mark.parametrize(
    ("root", "width", "height"),
    [
        ('<svg width="40" height="30px" stroke-width="9">', 40, 30),
        ("<?xml version='1.0'?><svg:svg viewBox='0 -5 200 100.4'>", 200, 100),
        ('<svg width="50" viewBox="0,0,200,100">', 50, 25),
        ('<svg width="100%" height="100%" viewBox="0 0 20 10">', 20, 10),
        ('<svg width="10cm" height="0" viewBox="0 0 0 0">', 300, 150),
        ('<svg width="99999999" height="1">', 300, 150),
        ("<svg", 300, 150),
    ],
)
def test_an_svg_keeps_the_place_it_needs(tmp_path: Path, root: str, width: int, height: int) -> None:
    (tmp_path / "x.svg").write_text(root, encoding="utf-8")
    picture = Pictures(tmp_path / "cache").of("x.svg", tmp_path / "x.svg")
    assert (picture.width, picture.height) == (width, height)


def test_a_fence_is_left_alone(render) -> None:
    html = render("```md\n[[week02]] ![[x.png]] $y$ %%z%%\n- a~b\n```\n").html
    assert re.sub(r"<[^>]+>", "", html).strip() == "[[week02]] ![[x.png]] $y$ %%z%%\n- a&#126;b"


def test_an_open_fence_swallows_its_own_note_only(render) -> None:
    assert render("```\n[[nowhere]]").problems == []


def test_callouts(render) -> None:
    html = flat(render("> [!note]- 제목 $x$\n> 본문\n> > [!warning]\n> > 안쪽").html)
    assert html.startswith('<details class="note"><summary>제목 <span class="math">')
    assert '<div class="admonition warning"><p class="admonition-title">Warning</p><p> 안쪽</p> </div>' in html
    assert "<blockquote>" in render("> 그냥 인용").html


def test_a_formula_is_drawn_and_named(render) -> None:
    made = render("$$\n\\begin{aligned} a &= b \\\\ c &= \\underbrace{d}_{\\text{한글}} \\end{aligned}\n$$")
    assert "<svg" in made.html and "math display" in made.html
    assert "\\underbrace{d}_{\\text{한글}}" in made.html
    assert made.glyphs


def test_a_bar_in_a_formula_does_not_break_its_row(render) -> None:
    html = render("| a | b |\n|---|---|\n| $p|q$ | 나 |").html
    assert html.count("<td>") == 2
    assert "나" in html


@pytest.mark.parametrize(
    ("written", "line", "said"),
    [
        ("글\n\n$\\frac{1$", 3, "the formula is wrong: Missing close brace"),
        ("---\ntitle: x\n---\n\n$\\bad$", 5, "undefined control sequence \\bad"),
        ("하나\n![[없음.png]]", 2, "no picture is called '없음.png'"),
        ("하나\n\n\n[[없는 글]]", 4, "nothing in the notes is called '없는 글'"),
        ("[[week02/notes#없는 절]]", 1, "nothing in the notes is called 'week02/notes#없는 절'"),
        ("하나\n\n[x](없음.md)", 3, "the link leads nowhere: 없음.md"),
        ("[x](javascript:alert(1))", 1, "the link leads nowhere"),
        ("[x](../../../../etc/passwd)", 1, "the link leads nowhere: ../../../../etc/passwd"),
        ('하나\n\n<p>1\n<img alt="x" src="없음.png">', 4, "no picture is called '없음.png'"),
        ("하나\n<a href='없음.md'>x</a>", 2, "the link leads nowhere: 없음.md"),
        ("%%\n여러 줄\n%%\n[[없음]]", 4, "nothing in the notes is called '없음'"),
    ],
)
def test_what_is_wrong_is_told_with_its_line_and_shown(render, written: str, line: int, said: str) -> None:
    made: Rendered = render(written)
    assert [(problem.file, problem.line) for problem in made.problems] == [(f"solutions/{NOTE}", line)]
    assert said in made.problems[0].message
    assert "broken" in made.html


def test_a_picture_of_another_host_is_a_link(render) -> None:
    html = render("![밖](https://example.org/pixel.png)").html
    assert "<img" not in html
    assert '<a href="https://example.org/pixel.png" rel="nofollow noopener">밖</a>' in html


@pytest.mark.parametrize(
    "written",
    [
        "<script>x</script>",
        "<img src=x onerror=x>",
        "<b onclick=x>글</b>",
        '<a href="javascript:x">글</a>',
        "<iframe src=//example.org></iframe>",
        "<style>body{}</style>",
        '<p style="position:fixed" id="__search" class="md-search">글</p>',
        "[[<script>x</script>]]",
        "[[week02|<img src=x onerror=x>]]",
        "> [!note] <img src=x onerror=x>\n> 글",
        "# <img src=x onerror=x>",
        "$\\href{javascript:x}{y}$",
        '$\\text{"><script>x</script>}$',
        "$\\style{background:url(//example.org)}{y}$",
        "$\\class{md-search}{y}$",
        "```<script>\nx\n```",
        "```python\n</code></pre><script>x</script>\n```",
        "![x](data:text/html,<script>x</script>)",
        '![<script>](그림%20이름.png "onerror=x")',
        "<svg onload=x><script>x</script></svg>",
        "<math><mtext><table><mglyph><style><img src=x onerror=x>",
        '<input type="image" src=x onerror=x>',
        '<span data-math-style="inline"><img src=x onerror=x></span>',
        "\ue0000\ue001 [[\ue0000\ue001]]",
        *PAYLOADS,
    ],
)
def test_nothing_that_runs_comes_through(render, written: str) -> None:
    assert_harmless(render(written).html)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.sampled_from(
            ["<script>", "</script>", "<img src=x onerror=y>", "[[", "]]", "![[", "$", "$$", "`", "```", "\n", "\n\n",
             "> ", "[!note]", "%%", "<div", ">", '"', "'", "onclick=x", "](", "javascript:x", "|", "- ", "\t", "~~",
             "==", "가", "\ue000", "0", "\ue001", "<!--", "-->", "<a href=", "&lt;", "[^1]", "[^1]: ", "# ", "\\"]
        ),
        max_size=25,
    ).map("".join)
)  # fmt: skip
def test_no_text_whatever_comes_through_or_stops_the_build(render, written: str) -> None:
    assert_harmless(render(written).html)


def assert_harmless(markup: str) -> None:
    from html.parser import HTMLParser

    wrong: list[str] = []
    open_tags: list[str] = []

    class Look(HTMLParser):
        def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
            if tag in ("script", "iframe", "object", "embed", "style", "base", "meta", "link", "form"):
                wrong.append(tag)
            for name, value in attributes:
                leads = (value or "").strip().lower() if name in ("href", "src", "action", "data", "xlink:href") else ""
                if name.startswith("on") or leads.startswith(("javascript:", "data:text")):
                    wrong.append(f"{tag} {name}={value}")
                if name == "style" and not re.fullmatch(r"vertical-align: -?[\d.]+(ex)?;", value or ""):
                    wrong.append(f"{tag} style={value}")
                if name == "id" and not (value or "").startswith("sejun-"):
                    wrong.append(f"{tag} id={value}")
                if name == "class" and "md-" in (value or ""):
                    wrong.append(f"{tag} class={value}")
            if tag not in ("br", "img", "hr", "col"):
                open_tags.append(tag)

        def handle_startendtag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
            self.handle_starttag(tag, attributes)
            if open_tags and open_tags[-1] == tag:
                open_tags.pop()

        def handle_endtag(self, tag: str) -> None:
            if not open_tags or open_tags.pop() != tag:
                wrong.append(f"</{tag}> without its beginning")

    Look().feed(markup)
    assert wrong == []
    assert open_tags == []


def test_anchors_are_those_of_the_headings() -> None:
    text = "# 하나\n```\n# 코드\n```\n## 둘 둘\n# 하나\n"
    assert anchors(text, "s-") == {"하나": "s-하나", "둘 둘": "s-둘-둘"}


def test_a_definition_in_one_formula_does_not_reach_the_next(renderer: Renderer) -> None:
    before = renderer.formulas.draw("\\frac{1}{3}", display=False)
    renderer.formulas.draw("\\def\\frac#1#2{#2} \\frac{1}{2}", display=False)
    renderer.formulas.draw("\\newcommand{\\mine}{x} \\mine", display=False)
    assert renderer.formulas.draw("\\mine", display=False).error == "undefined control sequence \\mine"
    assert renderer.formulas.draw("\\frac{1}{3} ", display=False).svg.count("<use") == before.svg.count("<use")


def test_formulas_are_kept_between_runs(tmp_path: Path) -> None:
    first = Formulas(tmp_path / "formulas.json")
    drawn = first.draw("x^2", display=False)
    first.save()
    second = Formulas(tmp_path / "formulas.json")
    assert second.draw("x^2", display=False) == drawn
    assert second.glyph_sheet(set(drawn.glyphs)) == first.glyph_sheet(set(drawn.glyphs))


def test_headings_of_trusted_prose_are_those_of_the_page(renderer: Renderer) -> None:
    place = Place("site/content/x.md", lambda page, anchor: page, "", shift=0, trusted=True)
    text = "## 하나\n\n> [!tip] 제목\n> 글\n\n```\ncode\n```\n\n> [!note]\n\n## 둘 $x$\n\n- ### 안\n\n## 셋\n"
    html = renderer.render(text, place).html
    assert re.findall(r"^## .*?\{ #(\S+)", html, re.MULTILINE) == ["하나", "둘-x", "셋"]
    assert '<h3 id="안">안</h3>' in html
