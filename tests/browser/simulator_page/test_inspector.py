"""The drawer for developers, and whether everybody can use the page."""

import json

import pytest
from playwright.sync_api import expect

from tests.browser.axe import violations
from tests.browser.simulator_page.page import SEEDED_SUBJECT, SimulatorPage
from tests.simulator.page.add_on import card, click_answer, text, trigger_answer

pytestmark = pytest.mark.browser


def inspect(simulator_page: SimulatorPage, tab: str) -> None:
    if simulator_page.page.locator("#inspector").is_hidden():
        simulator_page.page.locator("#inspector-button").click()
    simulator_page.page.get_by_role("tab", name=tab).click()


def test_the_inspector_tells_of_every_call(simulator_page: SimulatorPage) -> None:
    simulator_page.open_message()
    expect(simulator_page.title).to_have_text("Dana Reyes")
    inspect(simulator_page, "Calls")
    calls = simulator_page.page.locator(".call")
    expect(calls.first).to_contain_text("200")
    expect(calls.first).to_contain_text("/message")
    inspect(simulator_page, "Event")
    expect(simulator_page.page.locator(".json")).to_contain_text('"messageId": "msg-f:')
    inspect(simulator_page, "Response")
    expect(simulator_page.page.locator(".json")).to_contain_text('"pushCard"')
    inspect(simulator_page, "Checks")
    expect(simulator_page.page.get_by_text("No problems in this response.")).to_be_visible()


def test_findings_are_counted_and_named_with_their_place(simulator_page: SimulatorPage) -> None:
    simulator_page.add_on.answers["/message"] = click_answer({"pushCard": card(text("x"))})
    simulator_page.open_message()
    expect(simulator_page.page.locator("#inspector-button .badge")).to_contain_text("1")
    simulator_page.button("See why").click()
    finding = simulator_page.page.locator(".finding.refused")
    expect(finding).to_contain_text("Cannot find field: renderActions")
    expect(finding.locator("code")).to_have_text("answer.renderActions")


def test_replaying_posts_the_event_again_and_leaves_the_panel(
    simulator_page: SimulatorPage,
) -> None:
    simulator_page.open_message()
    expect(simulator_page.title).to_have_text("Dana Reyes")
    simulator_page.add_on.answers["/message"] = trigger_answer(card(text("x"), title="Other"))
    inspect(simulator_page, "Calls")
    simulator_page.page.get_by_role("button", name="Replay").click()
    expect(simulator_page.page.locator(".call").first).to_contain_text("replay")
    assert len(simulator_page.events("/message")) == 2
    expect(simulator_page.title).to_have_text("Dana Reyes")


def test_a_test_can_be_copied_and_carries_no_token(simulator_page: SimulatorPage) -> None:
    simulator_page.open_message()
    expect(simulator_page.title).to_have_text("Dana Reyes")
    inspect(simulator_page, "Event")
    simulator_page.page.get_by_role("button", name="Copy as test").click()
    expect(simulator_page.notice).to_contain_text("Copied")
    copied = json.loads(simulator_page.page.evaluate("navigator.clipboard.readText()"))
    assert copied["url"].endswith("/message")
    assert copied["event"]["gmail"]["accessToken"] == "<accessToken>"
    assert "ya29." not in json.dumps(copied)


def test_the_page_is_axe_clean_in_all_its_parts(simulator_page: SimulatorPage) -> None:
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
    simulator_page.add_on.answers["/message"] = trigger_answer(card(*widgets))
    simulator_page.open()
    expect(simulator_page.title).to_have_text("Today")
    assert violations(simulator_page.page) == []
    simulator_page.row(SEEDED_SUBJECT).click()
    expect(simulator_page.title).to_have_text("Dana Reyes")
    inspect(simulator_page, "Event")
    assert violations(simulator_page.page) == []
    simulator_page.button("Ticket Desk menu").click()
    assert violations(simulator_page.page) == []
    simulator_page.page.keyboard.press("Escape")
    simulator_page.page.get_by_role("button", name="Compose").click()
    simulator_page.page.get_by_role("button", name="Access").click()
    assert violations(simulator_page.page) == []


def test_the_page_works_by_keyboard_alone(simulator_page: SimulatorPage) -> None:
    click = {"action": {"function": simulator_page.add_on.url("/log")}}
    buttons = {"buttonList": {"buttons": [{"text": "Log", "onClick": click}]}}
    simulator_page.add_on.answers["/message"] = trigger_answer(card(buttons))
    simulator_page.add_on.answers["/log"] = click_answer(
        {"updateCard": card(text("Logged"), buttons)}
    )
    simulator_page.open()
    simulator_page.row(SEEDED_SUBJECT).focus()
    simulator_page.page.keyboard.press("Enter")
    expect(simulator_page.page.locator("#view-title")).to_be_focused()
    simulator_page.button("Ticket Desk menu").focus()
    simulator_page.page.keyboard.press("Enter")
    expect(simulator_page.page.get_by_role("menuitem", name="Refresh")).to_be_focused()
    simulator_page.page.keyboard.press("Escape")
    expect(simulator_page.button("Ticket Desk menu")).to_be_focused()
    simulator_page.page.keyboard.press("Tab")
    simulator_page.page.keyboard.press("Tab")
    expect(simulator_page.button("Log")).to_be_focused()
    simulator_page.page.keyboard.press("Enter")
    expect(simulator_page.panel.get_by_text("Logged", exact=True)).to_be_visible()
    expect(simulator_page.button("Log")).to_be_focused()


@pytest.mark.parametrize("width", [1024, 1280, 1440])
def test_nothing_is_cut_off_at_the_usual_widths(simulator_page: SimulatorPage, width: int) -> None:
    simulator_page.page.set_viewport_size({"width": width, "height": 800})
    simulator_page.open_message()
    expect(simulator_page.title).to_have_text("Dana Reyes")
    assert simulator_page.page.evaluate("document.documentElement.scrollWidth") <= width
    for part in (
        simulator_page.panel,
        simulator_page.page.locator("#mail"),
        simulator_page.page.locator("#inspector-button"),
    ):
        box = part.bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width


def test_in_a_narrow_window_the_panel_waits_beside_the_mail(simulator_page: SimulatorPage) -> None:
    simulator_page.page.set_viewport_size({"width": 390, "height": 844})
    simulator_page.open_message()
    expect(simulator_page.panel).to_be_hidden()
    icon = simulator_page.page.get_by_role("button", name="Ticket Desk", exact=True)
    icon.click()
    expect(simulator_page.title).to_have_text("Dana Reyes")
    assert simulator_page.page.evaluate("document.documentElement.scrollWidth") <= 390
    box = simulator_page.panel.bounding_box()
    assert box is not None
    assert box["x"] >= 0
    icon.click()
    expect(simulator_page.panel).to_be_hidden()
    simulator_page.page.get_by_role("button", name="Inbox").click()
    expect(simulator_page.row("Lighting for a new cross-dock")).to_be_visible()
