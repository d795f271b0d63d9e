"""The drawer for developers, and whether everybody can use the page."""

import json

import pytest
from playwright.sync_api import expect

from tests.browser.axe import violations
from tests.browser.simulator_page.playing import SEEDED_SUBJECT, Play
from tests.simulator.page.add_on import card, click_answer, text, trigger_answer

pytestmark = pytest.mark.browser


def inspect(play: Play, tab: str) -> None:
    if play.page.locator("#inspector").is_hidden():
        play.page.locator("#inspector-button").click()
    play.page.get_by_role("tab", name=tab).click()


def test_the_inspector_tells_of_every_call(play: Play) -> None:
    play.open_message()
    expect(play.title).to_have_text("Dana Reyes")
    inspect(play, "Calls")
    calls = play.page.locator(".call")
    expect(calls.first).to_contain_text("200")
    expect(calls.first).to_contain_text("/message")
    inspect(play, "Event")
    expect(play.page.locator(".json")).to_contain_text('"messageId": "msg-f:')
    inspect(play, "Response")
    expect(play.page.locator(".json")).to_contain_text('"pushCard"')
    inspect(play, "Checks")
    expect(play.page.get_by_text("No problems in this response.")).to_be_visible()


def test_findings_are_counted_and_named_with_their_place(play: Play) -> None:
    play.add_on.answers["/message"] = click_answer({"pushCard": card(text("x"))})
    play.open_message()
    expect(play.page.locator("#inspector-button .badge")).to_contain_text("1")
    play.button("See why").click()
    finding = play.page.locator(".finding.refused")
    expect(finding).to_contain_text("Cannot find field: renderActions")
    expect(finding.locator("code")).to_have_text("answer.renderActions")


def test_replaying_posts_the_event_again_and_leaves_the_panel(play: Play) -> None:
    play.open_message()
    expect(play.title).to_have_text("Dana Reyes")
    play.add_on.answers["/message"] = trigger_answer(card(text("x"), title="Other"))
    inspect(play, "Calls")
    play.page.get_by_role("button", name="Replay").click()
    expect(play.page.locator(".call").first).to_contain_text("replay")
    assert len(play.events("/message")) == 2
    expect(play.title).to_have_text("Dana Reyes")


def test_a_test_can_be_copied_and_carries_no_token(play: Play) -> None:
    play.open_message()
    expect(play.title).to_have_text("Dana Reyes")
    inspect(play, "Event")
    play.page.get_by_role("button", name="Copy as test").click()
    expect(play.notice).to_contain_text("Copied")
    copied = json.loads(play.page.evaluate("navigator.clipboard.readText()"))
    assert copied["url"].endswith("/message")
    assert copied["event"]["gmail"]["accessToken"] == "<accessToken>"
    assert "ya29." not in json.dumps(copied)


def test_the_page_is_axe_clean_in_all_its_parts(play: Play) -> None:
    widgets = [
        text("A <b>text</b>"),
        {
            "textInput": {
                "name": "a",
                "label": "Note",
                "initialSuggestions": {"items": [{"text": "x"}]},
            }
        },
        {
            "selectionInput": {
                "name": "b",
                "label": "Pick",
                "type": "RADIO_BUTTON",
                "items": [{"text": "One", "value": "1"}],
            }
        },
        {
            "selectionInput": {
                "name": "c",
                "type": "DROPDOWN",
                "items": [{"text": "One", "value": "1"}],
            }
        },
        {"decoratedText": {"text": "Follow", "switchControl": {"name": "d", "value": "1"}}},
        {"dateTimePicker": {"name": "e", "label": "When", "type": "DATE_AND_TIME"}},
        {"chipList": {"chips": [{"label": "Chip"}]}},
        {"grid": {"title": "Grid", "columnCount": 2, "items": [{"id": "1", "title": "One"}]}},
        {"columns": {"columnItems": []}},
    ]
    play.add_on.answers["/message"] = trigger_answer(card(*widgets))
    play.open()
    expect(play.title).to_have_text("Today")
    assert violations(play.page) == []
    play.row(SEEDED_SUBJECT).click()
    expect(play.title).to_have_text("Dana Reyes")
    inspect(play, "Event")
    assert violations(play.page) == []
    play.button("Ticket Desk menu").click()
    assert violations(play.page) == []
    play.page.keyboard.press("Escape")
    play.page.get_by_role("button", name="Compose").click()
    play.page.get_by_role("button", name="Access").click()
    assert violations(play.page) == []


def test_the_page_works_by_keyboard_alone(play: Play) -> None:
    click = {"action": {"function": play.add_on.url("/log")}}
    buttons = {"buttonList": {"buttons": [{"text": "Log", "onClick": click}]}}
    play.add_on.answers["/message"] = trigger_answer(card(buttons))
    play.add_on.answers["/log"] = click_answer({"updateCard": card(text("Logged"), buttons)})
    play.open()
    play.row(SEEDED_SUBJECT).focus()
    play.page.keyboard.press("Enter")
    expect(play.page.locator("#view-title")).to_be_focused()
    play.button("Ticket Desk menu").focus()
    play.page.keyboard.press("Enter")
    expect(play.page.get_by_role("menuitem", name="Refresh")).to_be_focused()
    play.page.keyboard.press("Escape")
    expect(play.button("Ticket Desk menu")).to_be_focused()
    play.page.keyboard.press("Tab")
    play.page.keyboard.press("Tab")
    expect(play.button("Log")).to_be_focused()
    play.page.keyboard.press("Enter")
    expect(play.panel.get_by_text("Logged", exact=True)).to_be_visible()
    expect(play.button("Log")).to_be_focused()


@pytest.mark.parametrize("width", [1024, 1280, 1440])
def test_nothing_is_cut_off_at_the_usual_widths(play: Play, width: int) -> None:
    play.page.set_viewport_size({"width": width, "height": 800})
    play.open_message()
    expect(play.title).to_have_text("Dana Reyes")
    assert play.page.evaluate("document.documentElement.scrollWidth") <= width
    for part in (play.panel, play.page.locator("#mail"), play.page.locator("#inspector-button")):
        box = part.bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width


def test_in_a_narrow_window_the_panel_waits_beside_the_mail(play: Play) -> None:
    play.page.set_viewport_size({"width": 390, "height": 844})
    play.open_message()
    expect(play.panel).to_be_hidden()
    icon = play.page.get_by_role("button", name="Ticket Desk", exact=True)
    icon.click()
    expect(play.title).to_have_text("Dana Reyes")
    assert play.page.evaluate("document.documentElement.scrollWidth") <= 390
    box = play.panel.bounding_box()
    assert box is not None
    assert box["x"] >= 0
    icon.click()
    expect(play.panel).to_be_hidden()
    play.page.get_by_role("button", name="Inbox").click()
    expect(play.row("Lighting for a new cross-dock")).to_be_visible()
