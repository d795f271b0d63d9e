"""Gmail's own part: folders, messages, and mail that appears by itself."""

import pytest
from playwright.sync_api import expect

from backend.simulator.page.routes import BANNER
from tests.browser.simulator_page.playing import SEEDED_SUBJECT, Play
from tests.simulator.page.desk import ROBIN

pytestmark = pytest.mark.browser
DANA = "dana@northwind.example"


def test_the_inbox_of_the_seeded_rep_is_the_first_thing_seen(play: Play) -> None:
    play.open()
    expect(play.page.get_by_text(BANNER)).to_be_visible()
    expect(play.row(SEEDED_SUBJECT)).to_have_class("row unread")
    expect(play.page.get_by_role("link", name="Inbox")).to_have_attribute("aria-current", "page")
    assert play.page.locator(".row").count() > 5


def test_opening_a_message_shows_it_and_marks_it_read(play: Play) -> None:
    play.open_message()
    expect(play.page.get_by_role("heading", name=SEEDED_SUBJECT)).to_be_visible()
    expect(play.page.locator(".message-who strong").first).to_have_text("Lee Ward")
    play.page.get_by_role("button", name="Inbox", exact=True).click()
    expect(play.row(SEEDED_SUBJECT)).to_have_class("row")


def test_a_state_can_be_opened_by_its_address(play: Play) -> None:
    play.open_message()
    address = play.page.url
    assert "message=" in address
    play.page.goto(address)
    expect(play.page.get_by_role("heading", name=SEEDED_SUBJECT)).to_be_visible()
    expect(play.title).to_have_text("Dana Reyes")


def test_going_back_in_the_browser_returns_to_the_list(play: Play) -> None:
    play.open_message()
    play.page.go_back()
    expect(play.row(SEEDED_SUBJECT)).to_be_visible()


def test_new_mail_appears_by_itself(play: Play) -> None:
    play.open()
    expect(play.row(SEEDED_SUBJECT)).to_be_visible()
    play.receive(to=[ROBIN], subject="Is the demo still on?", text="Hi Robin")
    expect(play.row("Is the demo still on?")).to_be_visible()


def test_a_customer_can_be_played_and_answers(play: Play) -> None:
    play.open(person=DANA)
    play.page.get_by_role("button", name="Compose").click()
    play.page.get_by_label("To", exact=True).fill(f"Robin Vale <{ROBIN}>")
    play.page.get_by_label("Subject").fill("Grüße aus Berlin: 100 % 😀")
    play.page.get_by_label("Message body").fill("See you on Tuesday.\nDana")
    play.page.get_by_role("button", name="Send", exact=True).click()
    expect(play.notice).to_have_text("Message sent")
    play.page.get_by_label("Person").select_option(ROBIN)
    play.row("Grüße aus Berlin: 100 % 😀").click()
    frame = play.page.frame_locator(".message-frame")
    expect(frame.get_by_text("See you on Tuesday.")).to_be_visible()


def test_a_reply_lands_in_the_thread_on_both_sides(play: Play) -> None:
    play.open_message()
    play.page.get_by_role("button", name="Reply", exact=True).click()
    play.page.keyboard.type("Happy to help.")
    play.page.get_by_role("button", name="Send", exact=True).click()
    expect(play.page.locator(".message")).to_have_count(2)
    play.page.get_by_label("Person").select_option("lee@wardlogistics.example")
    expect(play.row("Re: " + SEEDED_SUBJECT).or_(play.row(SEEDED_SUBJECT)).first).to_contain_text(
        "Happy to help."
    )


def test_somebody_the_company_has_never_seen_can_be_played(play: Play) -> None:
    play.open()
    play.page.get_by_label("Person").select_option("+")
    play.page.get_by_role("textbox", name="Email address").fill("zoe@nowhere.example")
    play.page.get_by_role("button", name="Play this person").click()
    expect(play.page.get_by_text("Nothing in the inbox.")).to_be_visible()
    expect(play.panel).to_be_hidden()


def test_a_draft_is_kept_and_can_be_taken_up_again(play: Play) -> None:
    play.open()
    play.page.get_by_role("button", name="Compose").click()
    play.page.get_by_label("Subject").fill("Half a thought")
    play.page.get_by_role("button", name="Save and close").click()
    expect(play.notice).to_have_text("Draft saved")
    play.page.get_by_role("link", name="Drafts").click()
    play.row("Half a thought").click()
    expect(play.page.get_by_label("Subject")).to_have_value("Half a thought")


def test_a_foreign_page_in_a_mail_runs_no_script(play: Play) -> None:
    script = "<script>parent.document.title='taken'</script>"
    html = f"<p>Hello</p>{script}<img src=x onerror=parent.taken=1>"
    play.receive(to=[ROBIN], subject="Sharp", text="Hello", html=html)
    play.open()
    play.row("Sharp").click()
    expect(play.page.frame_locator(".message-frame").get_by_text("Hello")).to_be_visible()
    assert "taken" not in play.page.title()
    assert play.page.evaluate("window.taken") is None
    blocked = [one for one in play.complaints.texts if "Blocked script" in one or "violates" in one]
    assert play.complaints.texts == blocked
    play.complaints.texts.clear()
