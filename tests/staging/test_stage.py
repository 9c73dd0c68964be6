"""The staged folder, addresses between pages, and text made safe for Markdown."""

from __future__ import annotations

import time
from pathlib import Path

import markdown
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.staging.code import fenced
from grader.staging.links import Links, NoSuchPageError, address, relative
from grader.staging.stage import Stage
from grader.staging.text import in_html, in_markdown, linked, slug, web_address


def test_only_what_changed_is_written(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    stage.write("a.md", "하나")
    stage.write("folder/b.md", "둘")
    assert stage.finish().written == ("a.md", "folder/b.md")
    before = (tmp_path / "a.md").stat().st_mtime_ns
    time.sleep(0.01)
    again = Stage(tmp_path)
    again.write("a.md", "하나")
    again.write("folder/b.md", "셋")
    assert again.finish().written == ("folder/b.md",)
    assert (tmp_path / "a.md").stat().st_mtime_ns == before
    assert (tmp_path / "folder" / "b.md").read_text(encoding="utf-8") == "셋"


def test_what_is_staged_no_longer_goes_away_with_its_folder(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    stage.write("gone/deep/a.md", "x")
    stage.write("kept.md", "x")
    stage.finish()
    again = Stage(tmp_path)
    again.write("kept.md", "x")
    assert again.finish().deleted == ("gone/deep/a.md",)
    assert sorted(path.name for path in tmp_path.iterdir()) == [".manifest.json", "kept.md"]


def test_a_staged_file_that_somebody_removed_comes_back(tmp_path: Path) -> None:
    for _attempt in range(2):
        stage = Stage(tmp_path)
        stage.write("a.md", "x")
        stage.finish()
        assert (tmp_path / "a.md").read_text() == "x"
        (tmp_path / "a.md").unlink()


def test_a_spoilt_manifest_is_no_hindrance(tmp_path: Path) -> None:
    (tmp_path / ".manifest.json").write_text("{broken")
    stage = Stage(tmp_path)
    stage.write("a.md", "x")
    assert stage.finish().written == ("a.md",)


@pytest.mark.parametrize(
    ("path", "found"),
    [("index.md", ""), ("weeks/index.md", "weeks/"), ("weeks/week01.md", "weeks/week01/"), ("feed.xml", "feed.xml")],
)
def test_addresses(path: str, found: str) -> None:
    assert address(path) == found


@pytest.mark.parametrize(
    ("source", "target", "found"),
    [
        ("index.md", "weeks/week01.md", "weeks/week01/"),
        ("weeks/week01.md", "index.md", "../../"),
        ("weeks/week01.md", "weeks/week02.md", "../../weeks/week02/"),
        ("weeks/week01.md", "feed.xml", "../../feed.xml"),
        ("meetings.md", "activity.md", "../activity/"),
        ("index.md", "index.md", "."),
    ],
)
def test_relative_addresses(source: str, target: str, found: str) -> None:
    assert relative(source, target) == found


def test_a_link_to_a_page_that_is_not_staged_is_found_at_once() -> None:
    links = Links({"index.md", "weeks/week01.md"})
    assert links.to("index.md", "weeks/week01.md", "준혁") == "weeks/week01/#%EC%A4%80%ED%98%81"
    assert links.to("index.md", "index.md", "top") == "#top"
    with pytest.raises(NoSuchPageError, match=r"weeks/week99\.md"):
        links.to("index.md", "weeks/week99.md")


@given(st.text())
def test_any_text_is_shown_by_markdown_as_it_is_and_runs_nothing(text: str) -> None:
    shown = markdown.markdown(
        f"# {in_markdown(text)}\n\n<div>{in_html(text)}</div>\n", extensions=["attr_list", "pymdownx.superfences"]
    )
    assert shown.count("<") == shown.count(">") == 4 or text.strip() == ""
    assert "<script" not in shown and "<code" not in shown


@given(st.text(alphabet="`~ \na#{}[]<>", max_size=60))
def test_no_source_ends_its_fence(source: str) -> None:
    block = fenced(source, "text")
    shown = markdown.markdown(f"{block}\n\nafter", extensions=["pymdownx.superfences", "pymdownx.highlight"])
    assert shown.rstrip().endswith("<p>after</p>")


@pytest.mark.parametrize(
    ("text", "anchor"),
    [
        ("정의와 유도", "정의와-유도"),
        ("CLIP (대조)!", "clip-대조"),
        ("!!", "section"),
        ("한글".encode().decode(), "한글"),
    ],
)
def test_anchors_keep_hangul(text: str, anchor: str) -> None:
    assert slug(text) == anchor


@pytest.mark.parametrize(
    ("url", "good"),
    [
        ("https://example.org/x", True),
        ("http://example.org", True),
        ("javascript:alert(1)", False),
        ("https://", False),
        ("//example.org", False),
        ("data:text/html,x", False),
        ("http://[", False),
    ],
)
def test_only_web_addresses_become_links(url: str, good: bool) -> None:
    assert (web_address(url) is not None) == good


def test_a_bibliography_is_linked_and_escaped() -> None:
    made = linked("Radford <et al.>, arXiv:2103.00020, https://example.org/a?b=1&c=2.")
    assert 'href="https://arxiv.org/abs/2103.00020"' in made
    assert 'href="https://example.org/a?b=1&amp;c=2"' in made
    assert "&lt;et al.&gt;" in made
