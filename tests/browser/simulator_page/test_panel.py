"""The side panel: cards from real calls, two stacks, notices, loading, trouble, and consent."""

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.simulator_page.page import SEEDED_SUBJECT, SimulatorPage
from tests.simulator.page.add_on import Json, card, click_answer, text, trigger_answer

pytestmark = pytest.mark.browser
EMAIL_SCOPE = "https://www.googleapis.com/auth/userinfo.email"


def button(simulator_page: SimulatorPage, label: str, path: str, **action: object) -> Json:
    click = {"action": {"function": simulator_page.add_on.url(path), **action}}
    return {"buttonList": {"buttons": [{"text": label, "onClick": click}]}}


def show(simulator_page: SimulatorPage, *widgets: Json, **more: Any) -> None:
    """The open message gets a card of these widgets."""
    simulator_page.add_on.answers["/message"] = trigger_answer(card(*widgets, **more))
    simulator_page.open_message()
    expect(simulator_page.title).to_have_text("Dana Reyes")


def test_opening_a_message_asks_the_add_on_and_draws_its_card(
    simulator_page: SimulatorPage,
) -> None:
    row = {
        "topLabel": "This email",
        "text": "<b>Logged</b> to Northwind &amp; Co",
        "startIcon": {"knownIcon": "EMAIL", "altText": "Email"},
        "bottomLabel": "By you, just now",
    }
    show(simulator_page, {"decoratedText": row})
    drawn = simulator_page.panel.locator(".card-host:not([hidden])")
    expect(drawn.get_by_text("Logged to Northwind & Co")).to_be_visible()
    expect(drawn.get_by_role("img", name="Email")).to_be_visible()
    assert len(simulator_page.events("/message")) == 1


def test_a_click_updates_the_card_and_says_so(simulator_page: SimulatorPage) -> None:
    show(
        simulator_page,
        button(simulator_page, "Log", "/log", parameters=[{"key": "id", "value": "7"}]),
    )
    answer = click_answer({"updateCard": card(text("Logged"))})
    answer["renderActions"]["action"]["notification"] = {"text": "Logged to Northwind"}
    simulator_page.add_on.answers["/log"] = answer
    simulator_page.button("Log").click()
    expect(simulator_page.panel.get_by_text("Logged", exact=True)).to_be_visible()
    expect(simulator_page.notice).to_have_text("Logged to Northwind")
    [event] = simulator_page.events("/log")
    common = event["commonEventObject"]
    assert isinstance(common, dict)
    assert common["parameters"] == {"id": "7"}


def test_the_card_is_locked_while_a_call_lasts_and_a_second_click_is_none(
    simulator_page: SimulatorPage,
) -> None:
    show(simulator_page, button(simulator_page, "Log", "/log"))
    simulator_page.add_on.answers["/log"] = click_answer({"updateCard": card(text("Done"))})
    simulator_page.add_on.delay = 0.8
    simulator_page.button("Log").dblclick()
    host = simulator_page.panel.locator(".card-host:not([hidden])")
    expect(host).to_have_attribute("aria-busy", "true")
    expect(simulator_page.panel.get_by_text("Done")).to_be_visible()
    expect(host).to_have_attribute("aria-busy", "false")
    assert len(simulator_page.events("/log")) == 1


def test_cards_are_pushed_and_gone_back_from(simulator_page: SimulatorPage) -> None:
    show(simulator_page, button(simulator_page, "Deeper", "/deeper"))
    simulator_page.add_on.answers["/deeper"] = click_answer(
        {"pushCard": card(text("x"), title="Second")}
    )
    simulator_page.button("Deeper").click()
    expect(simulator_page.title).to_have_text("Second")
    simulator_page.button("Back").click()
    expect(simulator_page.title).to_have_text("Dana Reyes")


def test_the_root_is_never_popped(simulator_page: SimulatorPage) -> None:
    show(simulator_page, button(simulator_page, "Away", "/away"))
    simulator_page.add_on.answers["/away"] = click_answer({"pop": True}, {"pop": True})
    simulator_page.button("Away").click()
    expect(
        simulator_page.panel.locator(".card-host[aria-busy=false]:not([hidden])")
    ).to_be_visible()
    expect(simulator_page.title).to_have_text("Dana Reyes")


def test_back_from_the_messages_root_shows_the_homepage_and_a_bar_to_return(
    simulator_page: SimulatorPage,
) -> None:
    show(simulator_page, text("x"))
    simulator_page.button("Back").click()
    expect(simulator_page.title).to_have_text("Today")
    simulator_page.panel.locator(".peek", has_text="Dana Reyes").click()
    expect(simulator_page.title).to_have_text("Dana Reyes")


def test_a_card_that_wants_to_peek_starts_as_a_bar(simulator_page: SimulatorPage) -> None:
    peeking = card(text("x"), displayStyle="PEEK", peekCardHeader={"title": "One match"})
    simulator_page.add_on.answers["/message"] = trigger_answer(peeking)
    simulator_page.open_message()
    expect(simulator_page.panel.locator(".peek", has_text="One match")).to_be_visible()
    expect(simulator_page.title).to_have_text("Today")


def test_leaving_the_message_drops_its_cards(simulator_page: SimulatorPage) -> None:
    show(simulator_page, text("x"))
    simulator_page.page.get_by_role("button", name="Inbox", exact=True).click()
    expect(simulator_page.title).to_have_text("Today")
    expect(simulator_page.panel.locator(".peek")).to_be_hidden()
    simulator_page.row(SEEDED_SUBJECT).click()
    expect(simulator_page.title).to_have_text("Dana Reyes")
    assert len(simulator_page.events("/message")) == 2


def test_several_cards_are_listed_by_their_headers(simulator_page: SimulatorPage) -> None:
    simulator_page.add_on.answers["/message"] = trigger_answer(
        card(text("a"), title="Mei Tan"), card(text("b"), title="Jon Berg")
    )
    simulator_page.open_message()
    simulator_page.panel.get_by_role("button", name="Jon Berg").click()
    expect(simulator_page.title).to_have_text("Jon Berg")


def test_changed_state_runs_the_other_places_trigger_again(simulator_page: SimulatorPage) -> None:
    simulator_page.open()
    expect(simulator_page.title).to_have_text("Today")
    simulator_page.add_on.answers["/message"] = trigger_answer(
        card(button(simulator_page, "Log", "/log"))
    )
    simulator_page.add_on.answers["/log"] = click_answer(
        {"updateCard": card(text("Logged"))}, stateChanged=True
    )
    simulator_page.row(SEEDED_SUBJECT).click()
    simulator_page.button("Log").click()
    expect(simulator_page.panel.get_by_text("Logged", exact=True)).to_be_visible()
    simulator_page.button("Back").click()
    expect(simulator_page.title).to_have_text("Today")
    assert len(simulator_page.events("/home?from=gmail")) == 2


def test_a_wrong_envelope_is_the_error_card_and_retry_asks_again(
    simulator_page: SimulatorPage,
) -> None:
    simulator_page.add_on.answers["/message"] = click_answer({"pushCard": card(text("x"))})
    simulator_page.open_message()
    expect(
        simulator_page.panel.get_by_text("Something went wrong with this add-on.")
    ).to_be_visible()
    simulator_page.add_on.answers["/message"] = trigger_answer(card(text("Fine now")))
    simulator_page.button("Retry").click()
    expect(simulator_page.panel.get_by_text("Fine now")).to_be_visible()


def test_the_next_call_can_be_made_to_fail_once(simulator_page: SimulatorPage) -> None:
    show(simulator_page, button(simulator_page, "Log", "/log"))
    simulator_page.add_on.answers["/log"] = click_answer({"updateCard": card(text("Logged"))})
    simulator_page.page.get_by_label("Next call").select_option("fails")
    simulator_page.button("Log").click()
    simulator_page.button("Retry").click()
    expect(simulator_page.panel.get_by_text("Logged", exact=True)).to_be_visible()
    expect(simulator_page.page.get_by_label("Next call")).to_have_value("works")


def test_a_scope_is_asked_for_and_the_same_event_sent_again(simulator_page: SimulatorPage) -> None:
    show(
        simulator_page,
        button(simulator_page, "Who", "/who", parameters=[{"key": "nonce", "value": "n"}]),
    )
    simulator_page.add_on.answers["/who"] = {"requesting_google_scopes": {"scopes": [EMAIL_SCOPE]}}
    simulator_page.page.get_by_role("button", name="Access 6/6").click()
    simulator_page.page.get_by_label("See your email address").uncheck()
    simulator_page.page.keyboard.press("Escape")
    simulator_page.button("Who").click()
    expect(simulator_page.panel.get_by_text("Ticket Desk wants more access")).to_be_visible()
    simulator_page.add_on.answers["/who"] = click_answer(
        {"updateCard": card(text("You are Robin"))}
    )
    simulator_page.button("Allow").click()
    expect(simulator_page.panel.get_by_text("You are Robin")).to_be_visible()
    first, second = simulator_page.events("/who")
    assert first["commonEventObject"] == second["commonEventObject"]
    expect(simulator_page.page.get_by_role("button", name="Access 6/6")).to_be_visible()


def test_access_can_be_refused(simulator_page: SimulatorPage) -> None:
    simulator_page.add_on.answers["/message"] = {"requestingGoogleScopes": {"allScopes": True}}
    simulator_page.open_message()
    simulator_page.button("Cancel").click()
    expect(simulator_page.title).to_have_text("No access")


def test_a_sign_in_card_of_googles_own(simulator_page: SimulatorPage) -> None:
    prompt = {
        "authorization_url": simulator_page.add_on.url("/login"),
        "resource": "Example account",
    }
    simulator_page.add_on.answers["/message"] = {"basic_authorization_prompt": prompt}
    simulator_page.open_message()
    expect(
        simulator_page.panel.get_by_text("needs you to sign in to Example account")
    ).to_be_visible()
    signed_in = trigger_answer(card(text("Welcome")))
    with simulator_page.page.expect_popup() as popup:
        simulator_page.button("Sign in").click()
    simulator_page.add_on.answers["/message"] = signed_in
    popup.value.close()
    expect(simulator_page.panel.get_by_text("Welcome")).to_be_visible()


def test_a_window_that_cannot_be_seen_closing_is_told(simulator_page: SimulatorPage) -> None:
    opened = {
        "url": simulator_page.add_on.url("/isolated"),
        "openAs": "OVERLAY",
        "onClose": "RELOAD",
    }
    show(
        simulator_page,
        {"buttonList": {"buttons": [{"text": "Go", "onClick": {"openLink": opened}}]}},
    )
    with simulator_page.page.expect_popup() as popup:
        simulator_page.button("Go").click()
    simulator_page.page.locator("#inspector-button").click()
    simulator_page.page.get_by_role("tab", name="Calls").click()
    expect(simulator_page.page.locator(".call")).to_have_count(3)
    simulator_page.page.locator(".call").nth(1).click()
    expect(simulator_page.page.get_by_text("seemed closed at once")).to_be_visible()
    popup.value.close()


def test_the_menu_has_the_cards_own_entries_then_refresh_then_the_universal_ones(
    simulator_page: SimulatorPage,
) -> None:
    click = {"action": {"function": simulator_page.add_on.url("/never")}}
    show(simulator_page, text("x"), cardActions=[{"actionLabel": "Never log", "onClick": click}])
    simulator_page.button("Ticket Desk menu").click()
    names = simulator_page.page.get_by_role("menuitem").all_inner_texts()
    assert names == ["Never log", "Refresh", "Settings", "Help"]


def test_a_link_outside_the_prefixes_opens_nothing_and_is_told(
    simulator_page: SimulatorPage,
) -> None:
    link = {"openLink": {"url": "https://elsewhere.example/"}}
    show(simulator_page, {"buttonList": {"buttons": [{"text": "Out", "onClick": link}]}})
    simulator_page.button("Out").click()
    simulator_page.page.get_by_role("button", name="Inspector", exact=False).click()
    simulator_page.page.get_by_role("tab", name="Checks").click()
    expect(simulator_page.page.get_by_text("nothing opens.").last).to_be_visible()
    assert len(simulator_page.page.context.pages) == 1


def test_phones_have_no_homepage(simulator_page: SimulatorPage) -> None:
    simulator_page.open()
    expect(simulator_page.title).to_have_text("Today")
    simulator_page.page.get_by_label("Device").select_option("ANDROID")
    expect(simulator_page.panel.get_by_text("Add-ons have no homepage on phones.")).to_be_visible()


def test_without_an_add_on_the_mail_works_and_the_panel_says_why(
    simulator_page: SimulatorPage,
) -> None:
    simulator_page.installation.deployment.write_text("{")
    simulator_page.open()
    expect(simulator_page.row(SEEDED_SUBJECT)).to_be_visible()
    expect(simulator_page.panel.get_by_text("is not JSON")).to_be_visible()
