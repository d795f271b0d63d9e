"""The rules for cards that Google's parser does not know: one row for each."""

import pytest

from backend.simulator.page.checks.card_parse import parse_card
from backend.simulator.page.checks.cards import check_card
from backend.simulator.page.checks.findings import Finding, Severity
from backend.simulator.page.checks.place import Place, Spot
from tests.simulator.page.add_on import Json, card, text

CLICK = {"action": {"function": "https://addon.example.com/log"}}
COLOR = {"red": 0.1, "green": 0.4, "blue": 0.4}
LINKS = ("https://addon.example.com/help",)


def findings_of(content: Json, spot: Spot = Spot.MESSAGE) -> list[Finding]:
    parsed, refused = parse_card(content, "card")
    assert parsed is not None, refused
    return check_card(parsed, "card", Place(spot, LINKS))


def row(content: str = "Text", **more: object) -> Json:
    return {"decoratedText": {"text": content, **more}}


def link(url: str) -> Json:
    return {"openLink": {"url": url}}


def icon(**more: object) -> Json:
    return {"altText": "Icon", **more}


GOOD = card(
    row(
        "Logged",
        startIcon=icon(knownIcon="EMAIL"),
        button={"text": "Undo", "onClick": CLICK},
        onClick=link("https://addon.example.com/help?x=1"),
    ),
    row("Follow", switchControl={"name": "follow", "value": "yes"}),
    row("Mute", switchControl={"name": "follow", "value": "no"}),
    {"textInput": {"name": "note", "label": "Note"}},
    fixedFooter={"primaryButton": {"text": "Save", "color": COLOR, "onClick": CLICK}},
)


def test_a_good_card_has_nothing_to_complain_about() -> None:
    assert findings_of(GOOD) == []


@pytest.mark.parametrize(
    ("content", "path", "words"),
    [
        pytest.param({"header": {"title": "T"}}, ".sections", "needs sections", id="no sections"),
        pytest.param(
            {"header": {"subtitle": "S"}, "sections": [{"widgets": [text("a")]}]},
            ".header.title",
            "needs title",
            id="a header without a title",
        ),
        pytest.param(card({}), ".widgets[0]", "is empty", id="an empty widget"),
        pytest.param(card(row("")), ".decoratedText.text", "needs text", id="a row without text"),
        pytest.param(
            card({"buttonList": {"buttons": [{"text": "Go"}]}}),
            ".buttons[0].onClick",
            "needs onClick",
            id="a button that leads nowhere",
        ),
        pytest.param(
            card({"buttonList": {"buttons": [{"onClick": CLICK}]}}),
            ".buttons[0]",
            "text or an icon",
            id="a blank button",
        ),
        pytest.param(
            card({"textInput": {"name": "a"}}),
            ".textInput",
            "label or a hint",
            id="an input unnamed",
        ),
        pytest.param(
            card(text("a"), fixedFooter={"secondaryButton": {"text": "No", "onClick": CLICK}}),
            ".fixedFooter.primaryButton",
            "needs a primary button",
            id="a footer without its first button",
        ),
        pytest.param(
            card(text("a"), fixedFooter={"primaryButton": {"text": "Yes", "onClick": CLICK}}),
            ".primaryButton.color",
            "needs color",
            id="a footer button without colour",
        ),
        pytest.param(
            card(
                {"textInput": {"name": "a", "label": "A"}},
                {"textInput": {"name": "a", "label": "B"}},
            ),
            "card",
            "must be unique",
            id="two inputs of one name",
        ),
        pytest.param(
            card(*[{"divider": {}}] * 101), ".sections", "101 widgets", id="more than 100 widgets"
        ),
        pytest.param(
            card(row(onClick={"action": {"function": "onLog"}})),
            ".action.function",
            "full https URL",
            id="a function name instead of an address",
        ),
        pytest.param(
            card(row(onClick={"action": {"function": "http://addon.example.com/x"}})),
            ".action.function",
            "full https URL",
            id="plain http to another machine",
        ),
        pytest.param(
            card(row(onClick=link("https://addon.example.com/helpful"))),
            ".openLink.url",
            "openLinkUrlPrefixes",
            id="a link beside the declared prefix",
        ),
        pytest.param(
            card(text('See <a href="https://other.example/">this</a>')),
            ".textParagraph.text",
            "openLinkUrlPrefixes",
            id="a link in a text outside the prefixes",
        ),
        pytest.param(
            card(text("Eve <script>alert(1)</script>")),
            ".textParagraph.text",
            "<script> is no tag of cards",
            id="a tag that cards do not know",
        ),
        pytest.param(
            card(row(onClick=link("javascript:alert(1)"))),
            ".openLink.url",
            "https, mailto and tel",
            id="a scheme that nobody opens",
        ),
        pytest.param(
            card({"image": {"imageUrl": "https://a.example/x.svg", "altText": "X"}}),
            ".image.imageUrl",
            "SVG",
            id="an SVG picture",
        ),
        pytest.param(
            card({"image": {"imageUrl": "/x.png", "altText": "X"}}),
            ".image.imageUrl",
            "public https URL",
            id="a picture without a host",
        ),
        pytest.param(
            card(row(startIcon=icon(knownIcon="ROCKET"))),
            ".knownIcon",
            "no icon named ROCKET",
            id="an icon Google does not have",
        ),
        pytest.param(
            card(row(startIcon=icon(materialIcon={"name": "bolt"}))),
            ".materialIcon",
            "Google Chat only",
            id="a field of Chat",
        ),
        pytest.param(
            card(row(onClick={"action": {**CLICK["action"], "interaction": "OPEN_DIALOG"}})),
            ".action",
            "whole card disappear",
            id="a dialog",
        ),
        pytest.param(
            card({"columns": {"columnItems": [{"widgets": [text("a")]}]}}),
            ".columns",
            "compose dialog only",
            id="columns beside a message",
        ),
        pytest.param(
            card(row(onClick={"card": card({"divider": {}}, {})})),
            ".onClick.card.sections[0].widgets[1]",
            "is empty",
            id="a fault in a card that a click pushes",
        ),
    ],
)
def test_what_is_against_the_reference(content: Json, path: str, words: str) -> None:
    found = [one for one in findings_of(content) if words in one.text]
    assert [one.severity for one in found] == [Severity.WRONG] * len(found)
    assert any(one.path.endswith(path) for one in found)


@pytest.mark.parametrize(
    ("content", "path"),
    [
        pytest.param(card(text("a"), title="T" * 35), ".header.title", id="a long title"),
        pytest.param(card(row("x" * 41)), ".decoratedText.text", id="a long bare text"),
        pytest.param(
            card(
                row(
                    "x" * 23,
                    startIcon=icon(knownIcon="EMAIL"),
                    button={"text": "A", "onClick": CLICK},
                )
            ),
            ".decoratedText.text",
            id="a long text between icon and button",
        ),
        pytest.param(
            card({"image": {"imageUrl": "https://a.example/x.png"}}),
            ".altText",
            id="a mute picture",
        ),
        pytest.param(
            card({"buttonList": {"buttons": [{"text": "A", "onClick": CLICK}] * 4}}),
            ".buttonList",
            id="four buttons in a row",
        ),
        pytest.param({"sections": [{"widgets": [text("a")]}] * 6}, ".sections", id="six sections"),
    ],
)
def test_what_could_look_better_is_advice(content: Json, path: str) -> None:
    found = findings_of(content)
    assert [one.severity for one in found] == [Severity.ADVICE]
    assert found[0].path.endswith(path)


def test_wrapped_texts_may_be_long() -> None:
    assert findings_of(card(row("x" * 200, wrapText=True))) == []


def test_columns_are_for_drafts() -> None:
    columns = card({"columns": {"columnItems": [{"widgets": [text("a")]}]}})
    assert findings_of(columns, Spot.COMPOSE) == []


@pytest.mark.parametrize("spot", [Spot.HOMEPAGE, Spot.COMPOSE])
def test_only_an_open_message_can_peek(spot: Spot) -> None:
    assert findings_of(card(text("a"), displayStyle="PEEK")) == []
    assert len(findings_of(card(text("a"), displayStyle="PEEK"), spot)) == 1
