"""What a reader of Korean sees: everything in Korean, with the same places to fill in and the same words of code."""

from __future__ import annotations

import re
from collections.abc import Iterator
from string import Formatter

import pytest
from babel.messages.catalog import Message

from grader.checks import CHECKS, first_sentence
from grader.messages import LANGUAGES, gettext, language, ngettext, set_language
from tests import catalogue

HANGUL = re.compile("[가-힣]")
WORDLESS = {"JUnit XML", "× import"}
"""Names that are the same in every language."""
SENTENCES = [message for message in catalogue.updated(catalogue.translated()) if message.id]


@pytest.fixture(autouse=True)
def _language_as_before() -> Iterator[None]:
    before = language()
    yield
    set_language(before)


def english(message: Message) -> str:
    """The sentence, or the form for several."""
    return message.id if isinstance(message.id, str) else message.id[-1]


def korean(message: Message) -> str:
    """Its translation; one form serves every number."""
    if isinstance(message.id, str):
        return message.string
    assert len(message.string) == 1
    return message.string[0]


def places(sentence: str) -> set[tuple[str | None, str | None, str | None]]:
    """What `format` fills in, with how it is written: `{seconds:.1f}`, `{name!r}`."""
    return {(name, spec, conversion) for _text, name, spec, conversion in Formatter().parse(sentence) if name}


def wordless(sentence: str) -> bool:
    """Whether it is the same in every language: a name, or nothing but what is filled in."""
    return sentence in WORDLESS or not re.search("[a-z]", re.sub(r"\{.*?\}", "", sentence))


def code(sentence: str) -> set[str]:
    """What stands in backticks, to be typed as it is."""
    return set(re.findall("`[^`]+`", sentence))


def test_every_sentence_has_a_korean_one() -> None:
    assert len(SENTENCES) > 500
    assert [english(one) for one in SENTENCES if not HANGUL.search(korean(one)) and not wordless(english(one))] == []


def test_a_translation_fills_in_the_same_places_in_the_same_way() -> None:
    assert [english(one) for one in SENTENCES if places(korean(one)) != places(english(one))] == []


def test_a_translation_names_the_same_code() -> None:
    assert [english(one) for one in SENTENCES if code(korean(one)) != code(english(one))] == []


def test_no_translation_has_a_percent_sign_which_argparse_would_fill_in() -> None:
    assert [korean(one) for one in SENTENCES if "%" in korean(one)] == []


def test_the_catalogue_holds_what_the_source_says_and_nothing_else() -> None:
    assert catalogue.PO.read_bytes() == catalogue.written(catalogue.updated(catalogue.translated())), (
        "run `python -m tests.catalogue`"
    )


def test_what_is_read_is_what_was_translated() -> None:
    assert catalogue.MO.read_bytes() == catalogue.compiled(catalogue.updated(catalogue.translated()))


def test_the_sentences_come_from_python_from_templates_and_from_docstrings() -> None:
    found = set(catalogue.sentences())
    assert {"Mogakco: study together, hand in, be graded.", "What it printed", ("{days} day", "{days} days")} <= found


@pytest.mark.parametrize("check", CHECKS)
def test_what_a_check_asks_is_said_in_the_language_in_force(check: str) -> None:
    set_language("en")
    asked = first_sentence(check)
    set_language("ko")
    assert not HANGUL.search(asked)
    assert HANGUL.search(first_sentence(check))


def test_a_sentence_is_looked_up_when_it_is_made() -> None:
    set_language("ko")
    assert gettext("The stub is unchanged.") == "스텁이 그대로입니다."
    set_language("en")
    assert gettext("The stub is unchanged.") == "The stub is unchanged."


@pytest.mark.parametrize("number", [0, 1, 2, 21])
def test_korean_has_one_form_for_every_number(number: int) -> None:
    set_language("ko")
    assert ngettext("{days} day", "{days} days", number).format(days=number) == f"{number}일"


def test_a_sentence_without_a_translation_stays_as_it_is() -> None:
    set_language("ko")
    assert gettext("Nobody has said this yet.") == "Nobody has said this yet."


def test_an_unknown_language_is_refused_and_the_one_in_force_stays() -> None:
    set_language("ko")
    with pytest.raises(ValueError, match=", ".join(LANGUAGES)):
        set_language("fr")
    assert language() == "ko"
