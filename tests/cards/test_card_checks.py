"""The checks find what they are for: each fault alone, put into an answer that is right."""

import copy
from collections.abc import Callable
from typing import Any

import pytest

from tests.cards.states import triggers
from tests.support.card_checks import findings

Fault = Callable[[dict[str, Any]], None]


def card_of(answer: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = answer["action"]["navigations"][0]["pushCard"]
    return found


def widget_of(answer: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = card_of(answer)["sections"][0]["widgets"][0]
    return found


def unknown_field(answer: dict[str, Any]) -> None:
    card_of(answer)["colour"] = "red"


def wrong_enum(answer: dict[str, Any]) -> None:
    click = widget_of(answer)["decoratedText"]["button"]["onClick"]
    click["action"]["loadIndicator"] = "LoadIndicator.SPINNER"


def two_of_a_kind(answer: dict[str, Any]) -> None:
    widget_of(answer)["divider"] = {}


def no_text(answer: dict[str, Any]) -> None:
    del widget_of(answer)["decoratedText"]["text"]


def function_name(answer: dict[str, Any]) -> None:
    widget_of(answer)["decoratedText"]["button"]["onClick"]["action"]["function"] = "log"


def plain_http(answer: dict[str, Any]) -> None:
    click = widget_of(answer)["decoratedText"]["button"]["onClick"]
    click["action"]["function"] = "http://rapport.example.com/addon/actions/log"


def only_in_chat(answer: dict[str, Any]) -> None:
    widget_of(answer)["decoratedText"]["startIcon"] = {
        "materialIcon": {"name": "lock"},
        "altText": "x",
    }


def too_many_widgets(answer: dict[str, Any]) -> None:
    card_of(answer)["sections"][0]["widgets"] *= 101


def same_name_twice(answer: dict[str, Any]) -> None:
    field = {"textInput": {"name": "x", "label": "X"}}
    card_of(answer)["sections"][0]["widgets"] += [field, field]


def wrong_envelope(answer: dict[str, Any]) -> None:
    answer["renderActions"] = answer.pop("action")


def footer_without_colour(answer: dict[str, Any]) -> None:
    del card_of(answer)["fixedFooter"]["primaryButton"]["color"]


def boolean_parameter(answer: dict[str, Any]) -> None:
    click = widget_of(answer)["decoratedText"]["button"]["onClick"]
    click["action"]["parameters"][0]["value"] = True


@pytest.mark.parametrize(
    "fault",
    [
        *(unknown_field, wrong_enum, two_of_a_kind, no_text, function_name, plain_http),
        *(only_in_chat, too_many_widgets, same_name_twice, wrong_envelope),
        *(footer_without_colour, boolean_parameter),
    ],
)
def test_a_fault_is_found(fault: Fault) -> None:
    answer = copy.deepcopy(triggers()["message-not-logged"])
    assert findings("trigger", answer) == []
    fault(answer)
    assert findings("trigger", answer) != []


def test_a_click_answered_like_a_trigger_is_found() -> None:
    assert findings("action", triggers()["message-not-logged"]) != []


def test_a_trigger_answered_like_a_click_is_found() -> None:
    assert findings("trigger", {"renderActions": triggers()["message-not-logged"]}) != []
