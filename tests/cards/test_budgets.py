"""Texts fit a panel of 300 pixels, and nothing people wrote is read as a tag."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.cards.states import STATES
from tests.support.card_checks import cards_in

CARDS = [
    pytest.param(card, id=f"{kind}/{name}")
    for kind, name, answer in STATES
    if kind != "autocomplete"
    for card in cards_in(kind, answer)
]


def rows(card: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for section in card["sections"]:
        for widget in section["widgets"]:
            if "decoratedText" in widget:
                yield widget["decoratedText"]


def budget(row: dict[str, Any]) -> int:
    if "button" in row:
        return 22 if "startIcon" in row else 40
    if "switchControl" in row:
        return 31
    return 35 if "startIcon" in row else 40


def visible(text: str) -> str:
    """What is read, without the tags we put in."""
    for tag in ("<b>", "</b>", "</font>"):
        text = text.replace(tag, "")
    while "<font" in text:
        head, _, rest = text.partition("<font")
        text = head + rest.partition(">")[2]
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


@pytest.mark.parametrize("card", CARDS)
def test_text_fits_or_wraps(card: dict[str, Any]) -> None:
    for row in rows(card):
        assert row.get("wrapText") or len(visible(row["text"])) <= budget(row), row
        assert len(row.get("topLabel", "")) <= 41, row


@pytest.mark.parametrize("card", CARDS)
def test_header_and_buttons_fit(card: dict[str, Any]) -> None:
    assert len(card["header"]["title"]) <= 34
    assert len(card["header"].get("subtitle", "")) <= 46
    feet = [button["text"] for button in card.get("fixedFooter", {}).values()]
    assert sum(map(len, feet)) <= 26, feet
    assert all(len(row["button"]["text"]) <= 14 for row in rows(card) if "button" in row)


@pytest.mark.parametrize("card", CARDS)
def test_at_most_six_sections_and_a_menu_of_five(card: dict[str, Any]) -> None:
    assert len(card["sections"]) <= 6
    assert len(card.get("cardActions", [])) <= 5


def test_what_people_wrote_is_never_a_tag() -> None:
    answer = next(a for _, name, a in STATES if name == "message-hostile-names")
    for card in cards_in("trigger", answer):
        texts = [row["text"] for row in rows(card)]
        assert any("&lt;script&gt;" in text for text in texts)
        assert not any("<script" in text for text in texts)
