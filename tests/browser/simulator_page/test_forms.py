"""What is typed into a card: what leaves with a click, what stays, what is required first."""

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.simulator_page.page import SimulatorPage
from tests.simulator.page.add_on import Json, card, click_answer, text, trigger_answer

pytestmark = pytest.mark.browser


def save(simulator_page: SimulatorPage, **action: object) -> Json:
    click = {"action": {"function": simulator_page.add_on.url("/save"), **action}}
    return {"buttonList": {"buttons": [{"text": "Save", "onClick": click}]}}


def selection(name: str, kind: str, *items: str, **more: object) -> Json:
    listed = [{"text": item.title(), "value": item} for item in items]
    return {"selectionInput": {"name": name, "label": name, "type": kind, "items": listed, **more}}


def text_input(name: str, **more: object) -> Json:
    return {"textInput": {"name": name, "label": name.title(), **more}}


def show(simulator_page: SimulatorPage, *widgets: Json) -> None:
    simulator_page.add_on.answers["/message"] = trigger_answer(card(*widgets))
    simulator_page.open_message()
    expect(simulator_page.title).to_have_text("Dana Reyes")


def saved(simulator_page: SimulatorPage) -> dict[str, Any]:
    """The form of the last click."""
    simulator_page.add_on.answers["/save"] = click_answer({"updateCard": card(text("Saved"))})
    simulator_page.button("Save").click()
    expect(simulator_page.panel.get_by_text("Saved")).to_be_visible()
    event: dict[str, Any] = simulator_page.events("/save")[-1]
    return dict(event["commonEventObject"].get("formInputs", {}))


def test_every_input_leaves_with_the_click_in_its_own_shape(simulator_page: SimulatorPage) -> None:
    show(
        simulator_page,
        text_input("note", type="MULTIPLE_LINE"),
        selection("boxes", "CHECK_BOX", "a", "b", "c"),
        selection("radio", "RADIO_BUTTON", "left", "right"),
        selection("drop", "DROPDOWN", "one", "two"),
        selection("many", "MULTI_SELECT", "x", "y"),
        {"decoratedText": {"text": "Follow", "switchControl": {"name": "follow", "value": "yes"}}},
        {"dateTimePicker": {"name": "day", "label": "Day", "type": "DATE_ONLY"}},
        {"dateTimePicker": {"name": "time", "label": "Time", "type": "TIME_ONLY"}},
        {"dateTimePicker": {"name": "when", "label": "When", "type": "DATE_AND_TIME"}},
        save(simulator_page),
    )
    panel = simulator_page.panel
    panel.get_by_label("Note").fill("First line\nSecond")
    panel.get_by_label("A", exact=True).check()
    panel.get_by_label("C", exact=True).check()
    panel.get_by_label("Right").check()
    panel.get_by_label("drop").select_option("two")
    panel.get_by_label("many").select_option("y")
    panel.get_by_role("switch", name="Follow").check()
    panel.get_by_label("Day").fill("2023-01-01")
    panel.get_by_label("Time").fill("09:30")
    panel.get_by_label("When").fill("2023-01-01T13:00")
    assert saved(simulator_page) == {
        "note": {"stringInputs": {"value": ["First line\nSecond"]}},
        "boxes": {"stringInputs": {"value": ["a", "c"]}},
        "radio": {"stringInputs": {"value": ["right"]}},
        "drop": {"stringInputs": {"value": ["two"]}},
        "many": {"stringInputs": {"value": ["y"]}},
        "follow": {"stringInputs": {"value": ["yes"]}},
        "day": {"dateInput": {"msSinceEpoch": "1672531200000"}},
        "time": {"timeInput": {"hours": 9, "minutes": 30}},
        "when": {
            "dateTimeInput": {"hasDate": True, "hasTime": True, "msSinceEpoch": "1672574400000"}
        },
    }


def test_what_is_left_empty_is_absent(simulator_page: SimulatorPage) -> None:
    show(
        simulator_page,
        text_input("note"),
        selection("boxes", "CHECK_BOX", "a"),
        save(simulator_page),
    )
    assert saved(simulator_page) == {}


def test_a_required_field_stops_the_click_and_gets_the_focus(simulator_page: SimulatorPage) -> None:
    show(simulator_page, text_input("note"), save(simulator_page, requiredWidgets=["note"]))
    simulator_page.button("Save").click()
    note = simulator_page.panel.get_by_label("Note")
    expect(note).to_be_focused()
    expect(note).to_have_attribute("aria-invalid", "true")
    assert simulator_page.events("/save") == []
    note.fill("Now")
    assert saved(simulator_page) == {"note": {"stringInputs": {"value": ["Now"]}}}


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        pytest.param("note", "Half a thought", id="a field of the same name keeps what was typed"),
        pytest.param("note2", "", id="a renamed field is empty"),
    ],
)
def test_typed_values_and_an_update(simulator_page: SimulatorPage, name: str, kept: str) -> None:
    show(simulator_page, text_input("note"), save(simulator_page))
    simulator_page.panel.get_by_label("Note").fill("Half a thought")
    after = card({"textInput": {"name": name, "label": "Field"}}, text("Updated"))
    simulator_page.add_on.answers["/save"] = click_answer({"updateCard": after})
    simulator_page.button("Save").click()
    expect(simulator_page.panel.get_by_text("Updated")).to_be_visible()
    expect(simulator_page.panel.get_by_label("Field")).to_have_value(kept)


def test_a_pushed_card_starts_fresh_and_going_back_finds_what_was_typed(
    simulator_page: SimulatorPage,
) -> None:
    show(simulator_page, text_input("note"), save(simulator_page))
    simulator_page.panel.get_by_label("Note").fill("Half a thought")
    simulator_page.add_on.answers["/save"] = click_answer(
        {"pushCard": card(text_input("note"), title="Next")}
    )
    simulator_page.button("Save").click()
    expect(simulator_page.title).to_have_text("Next")
    expect(simulator_page.panel.get_by_label("Note")).to_have_value("")
    simulator_page.button("Back").click()
    expect(simulator_page.panel.get_by_label("Note")).to_have_value("Half a thought")


def test_a_change_is_sent_once_it_is_made(simulator_page: SimulatorPage) -> None:
    change = {"function": simulator_page.add_on.url("/follow")}
    control = {"name": "follow", "value": "yes", "onChangeAction": change}
    show(simulator_page, {"decoratedText": {"text": "Follow", "switchControl": control}})
    simulator_page.add_on.answers["/follow"] = click_answer({"updateCard": card(text("Followed"))})
    simulator_page.panel.get_by_role("switch", name="Follow").click()  # its card is redrawn
    expect(simulator_page.panel.get_by_text("Followed")).to_be_visible()
    event: dict[str, Any] = simulator_page.events("/follow")[0]
    assert event["commonEventObject"]["formInputs"]["follow"]["stringInputs"]["value"] == ["yes"]


def test_suggestions_come_from_the_add_on_as_sent(simulator_page: SimulatorPage) -> None:
    fetch = {"function": simulator_page.add_on.url("/suggest")}
    show(simulator_page, text_input("who", autoCompleteAction=fetch), save(simulator_page))
    items = [{"text": "Dana Reyes"}, {"text": "Zoe, not filtered"}]
    simulator_page.add_on.answers["/suggest"] = {"autoComplete": {"items": items}}
    simulator_page.panel.get_by_label("Who").press_sequentially("da")
    expect(simulator_page.panel.get_by_role("option")).to_have_text(
        ["Dana Reyes", "Zoe, not filtered"]
    )
    assert len(simulator_page.events("/suggest")) == 1
    simulator_page.page.keyboard.press("ArrowDown")
    simulator_page.page.keyboard.press("Enter")
    assert saved(simulator_page) == {"who": {"stringInputs": {"value": ["Dana Reyes"]}}}


def test_fixed_suggestions_are_filtered_by_what_was_typed(simulator_page: SimulatorPage) -> None:
    items = [{"text": "Apple"}, {"text": "Apricot"}, {"text": "Banana"}]
    show(simulator_page, text_input("fruit", initialSuggestions={"items": items}))
    simulator_page.panel.get_by_label("Fruit").press_sequentially("ap")
    expect(simulator_page.panel.get_by_role("option")).to_have_text(["Apple", "Apricot"])


def test_markup_is_built_never_inserted(simulator_page: SimulatorPage) -> None:
    sharp = '<b>Bold</b> <img src=x onerror=window.taken=1> <a href="javascript:taken=1">link</a>'
    show(simulator_page, text(sharp))
    paragraph = simulator_page.panel.locator(".card-host:not([hidden]) .paragraph")
    expect(paragraph.locator("b")).to_have_text("Bold")
    expect(paragraph).to_contain_text("<img src=x")
    simulator_page.panel.get_by_text("link", exact=True).click()
    assert simulator_page.page.evaluate("window.taken") is None
    assert paragraph.locator("img").count() == 0
