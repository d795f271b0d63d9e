"""The side panel: cards from real calls, two stacks, notices, loading, trouble, and consent."""

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.simulator_page.playing import SEEDED_SUBJECT, Play
from tests.simulator.page.add_on import Json, card, click_answer, text, trigger_answer

pytestmark = pytest.mark.browser
EMAIL_SCOPE = "https://www.googleapis.com/auth/userinfo.email"


def button(play: Play, label: str, path: str, **action: object) -> Json:
    click = {"action": {"function": play.add_on.url(path), **action}}
    return {"buttonList": {"buttons": [{"text": label, "onClick": click}]}}


def show(play: Play, *widgets: Json, **more: Any) -> None:
    """The open message gets a card of these widgets."""
    play.add_on.answers["/message"] = trigger_answer(card(*widgets, **more))
    play.open_message()
    expect(play.title).to_have_text("Dana Reyes")


def test_opening_a_message_asks_the_add_on_and_draws_its_card(play: Play) -> None:
    row = {
        "topLabel": "This email",
        "text": "<b>Logged</b> to Northwind &amp; Co",
        "startIcon": {"knownIcon": "EMAIL", "altText": "Email"},
        "bottomLabel": "By you, just now",
    }
    show(play, {"decoratedText": row})
    drawn = play.panel.locator(".card-host:not([hidden])")
    expect(drawn.get_by_text("Logged to Northwind & Co")).to_be_visible()
    expect(drawn.get_by_role("img", name="Email")).to_be_visible()
    assert len(play.events("/message")) == 1


def test_a_click_updates_the_card_and_says_so(play: Play) -> None:
    show(play, button(play, "Log", "/log", parameters=[{"key": "id", "value": "7"}]))
    answer = click_answer({"updateCard": card(text("Logged"))})
    answer["renderActions"]["action"]["notification"] = {"text": "Logged to Northwind"}
    play.add_on.answers["/log"] = answer
    play.button("Log").click()
    expect(play.panel.get_by_text("Logged", exact=True)).to_be_visible()
    expect(play.notice).to_have_text("Logged to Northwind")
    [event] = play.events("/log")
    common = event["commonEventObject"]
    assert isinstance(common, dict)
    assert common["parameters"] == {"id": "7"}


def test_the_card_is_locked_while_a_call_lasts_and_a_second_click_is_none(play: Play) -> None:
    show(play, button(play, "Log", "/log"))
    play.add_on.answers["/log"] = click_answer({"updateCard": card(text("Done"))})
    play.add_on.delay = 0.8
    play.button("Log").dblclick()
    host = play.panel.locator(".card-host:not([hidden])")
    expect(host).to_have_attribute("aria-busy", "true")
    expect(play.panel.get_by_text("Done")).to_be_visible()
    expect(host).to_have_attribute("aria-busy", "false")
    assert len(play.events("/log")) == 1


def test_cards_are_pushed_and_gone_back_from(play: Play) -> None:
    show(play, button(play, "Deeper", "/deeper"))
    play.add_on.answers["/deeper"] = click_answer({"pushCard": card(text("x"), title="Second")})
    play.button("Deeper").click()
    expect(play.title).to_have_text("Second")
    play.button("Back").click()
    expect(play.title).to_have_text("Dana Reyes")


def test_the_root_is_never_popped(play: Play) -> None:
    show(play, button(play, "Away", "/away"))
    play.add_on.answers["/away"] = click_answer({"pop": True}, {"pop": True})
    play.button("Away").click()
    expect(play.panel.locator(".card-host[aria-busy=false]:not([hidden])")).to_be_visible()
    expect(play.title).to_have_text("Dana Reyes")


def test_back_from_the_messages_root_shows_the_homepage_and_a_bar_to_return(play: Play) -> None:
    show(play, text("x"))
    play.button("Back").click()
    expect(play.title).to_have_text("Today")
    play.panel.locator(".peek", has_text="Dana Reyes").click()
    expect(play.title).to_have_text("Dana Reyes")


def test_a_card_that_wants_to_peek_starts_as_a_bar(play: Play) -> None:
    peeking = card(text("x"), displayStyle="PEEK", peekCardHeader={"title": "One match"})
    play.add_on.answers["/message"] = trigger_answer(peeking)
    play.open_message()
    expect(play.panel.locator(".peek", has_text="One match")).to_be_visible()
    expect(play.title).to_have_text("Today")


def test_leaving_the_message_drops_its_cards(play: Play) -> None:
    show(play, text("x"))
    play.page.get_by_role("button", name="Inbox", exact=True).click()
    expect(play.title).to_have_text("Today")
    expect(play.panel.locator(".peek")).to_be_hidden()
    play.row(SEEDED_SUBJECT).click()
    expect(play.title).to_have_text("Dana Reyes")
    assert len(play.events("/message")) == 2


def test_several_cards_are_listed_by_their_headers(play: Play) -> None:
    play.add_on.answers["/message"] = trigger_answer(
        card(text("a"), title="Mei Tan"), card(text("b"), title="Jon Berg")
    )
    play.open_message()
    play.panel.get_by_role("button", name="Jon Berg").click()
    expect(play.title).to_have_text("Jon Berg")


def test_changed_state_runs_the_other_places_trigger_again(play: Play) -> None:
    play.open()
    expect(play.title).to_have_text("Today")
    play.add_on.answers["/message"] = trigger_answer(card(button(play, "Log", "/log")))
    play.add_on.answers["/log"] = click_answer(
        {"updateCard": card(text("Logged"))}, stateChanged=True
    )
    play.row(SEEDED_SUBJECT).click()
    play.button("Log").click()
    expect(play.panel.get_by_text("Logged", exact=True)).to_be_visible()
    play.button("Back").click()
    expect(play.title).to_have_text("Today")
    assert len(play.events("/home?from=gmail")) == 2


def test_a_wrong_envelope_is_the_error_card_and_retry_asks_again(play: Play) -> None:
    play.add_on.answers["/message"] = click_answer({"pushCard": card(text("x"))})
    play.open_message()
    expect(play.panel.get_by_text("Something went wrong with this add-on.")).to_be_visible()
    play.add_on.answers["/message"] = trigger_answer(card(text("Fine now")))
    play.button("Retry").click()
    expect(play.panel.get_by_text("Fine now")).to_be_visible()


def test_the_next_call_can_be_made_to_fail_once(play: Play) -> None:
    show(play, button(play, "Log", "/log"))
    play.add_on.answers["/log"] = click_answer({"updateCard": card(text("Logged"))})
    play.page.get_by_label("Next call").select_option("fails")
    play.button("Log").click()
    play.button("Retry").click()
    expect(play.panel.get_by_text("Logged", exact=True)).to_be_visible()
    expect(play.page.get_by_label("Next call")).to_have_value("works")


def test_a_scope_is_asked_for_and_the_same_event_sent_again(play: Play) -> None:
    show(play, button(play, "Who", "/who", parameters=[{"key": "nonce", "value": "n"}]))
    play.add_on.answers["/who"] = {"requesting_google_scopes": {"scopes": [EMAIL_SCOPE]}}
    play.page.get_by_role("button", name="Access 6/6").click()
    play.page.get_by_label("See your email address").uncheck()
    play.page.keyboard.press("Escape")
    play.button("Who").click()
    expect(play.panel.get_by_text("Ticket Desk wants more access")).to_be_visible()
    play.add_on.answers["/who"] = click_answer({"updateCard": card(text("You are Robin"))})
    play.button("Allow").click()
    expect(play.panel.get_by_text("You are Robin")).to_be_visible()
    first, second = play.events("/who")
    assert first["commonEventObject"] == second["commonEventObject"]
    expect(play.page.get_by_role("button", name="Access 6/6")).to_be_visible()


def test_access_can_be_refused(play: Play) -> None:
    play.add_on.answers["/message"] = {"requestingGoogleScopes": {"allScopes": True}}
    play.open_message()
    play.button("Cancel").click()
    expect(play.title).to_have_text("No access")


def test_a_sign_in_card_of_googles_own(play: Play) -> None:
    prompt = {"authorization_url": play.add_on.url("/login"), "resource": "Example account"}
    play.add_on.answers["/message"] = {"basic_authorization_prompt": prompt}
    play.open_message()
    expect(play.panel.get_by_text("needs you to sign in to Example account")).to_be_visible()
    signed_in = trigger_answer(card(text("Welcome")))
    with play.page.expect_popup() as popup:
        play.button("Sign in").click()
    play.add_on.answers["/message"] = signed_in
    popup.value.close()
    expect(play.panel.get_by_text("Welcome")).to_be_visible()


def test_a_window_that_cannot_be_seen_closing_is_told(play: Play) -> None:
    opened = {"url": play.add_on.url("/isolated"), "openAs": "OVERLAY", "onClose": "RELOAD"}
    show(play, {"buttonList": {"buttons": [{"text": "Go", "onClick": {"openLink": opened}}]}})
    with play.page.expect_popup() as popup:
        play.button("Go").click()
    play.page.locator("#inspector-button").click()
    play.page.get_by_role("tab", name="Calls").click()
    expect(play.page.locator(".call")).to_have_count(3)
    play.page.locator(".call").nth(1).click()
    expect(play.page.get_by_text("seemed closed at once")).to_be_visible()
    popup.value.close()


def test_the_menu_has_the_cards_own_entries_then_refresh_then_the_universal_ones(
    play: Play,
) -> None:
    click = {"action": {"function": play.add_on.url("/never")}}
    show(play, text("x"), cardActions=[{"actionLabel": "Never log", "onClick": click}])
    play.button("Ticket Desk menu").click()
    names = play.page.get_by_role("menuitem").all_inner_texts()
    assert names == ["Never log", "Refresh", "Settings", "Help"]


def test_a_link_outside_the_prefixes_opens_nothing_and_is_told(play: Play) -> None:
    link = {"openLink": {"url": "https://elsewhere.example/"}}
    show(play, {"buttonList": {"buttons": [{"text": "Out", "onClick": link}]}})
    play.button("Out").click()
    play.page.get_by_role("button", name="Inspector", exact=False).click()
    play.page.get_by_role("tab", name="Checks").click()
    expect(play.page.get_by_text("nothing opens.").last).to_be_visible()
    assert len(play.page.context.pages) == 1


def test_phones_have_no_homepage(play: Play) -> None:
    play.open()
    expect(play.title).to_have_text("Today")
    play.page.get_by_label("Device").select_option("ANDROID")
    expect(play.panel.get_by_text("Add-ons have no homepage on phones.")).to_be_visible()


def test_without_an_add_on_the_mail_works_and_the_panel_says_why(play: Play) -> None:
    play.desk.deployment.write_text("{")
    play.open()
    expect(play.row(SEEDED_SUBJECT)).to_be_visible()
    expect(play.panel.get_by_text("is not JSON")).to_be_visible()
