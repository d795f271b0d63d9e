"""Gmail's own part: folders, messages, and mail that appears by itself."""

import pytest
from playwright.sync_api import expect

from backend.simulator.page.routes import BANNER
from tests.browser.simulator_page.page import SEEDED_SUBJECT, SimulatorPage
from tests.simulator.page.installation import ROBIN

pytestmark = pytest.mark.browser
DANA = "dana@northwind.example"


def test_the_inbox_of_the_seeded_rep_is_the_first_thing_seen(simulator_page: SimulatorPage) -> None:
    simulator_page.open()
    expect(simulator_page.page.get_by_text(BANNER)).to_be_visible()
    expect(simulator_page.row(SEEDED_SUBJECT)).to_have_class("row unread")
    expect(simulator_page.page.get_by_role("link", name="Inbox")).to_have_attribute(
        "aria-current", "page"
    )
    assert simulator_page.page.locator(".row").count() > 5


def test_opening_a_message_shows_it_and_marks_it_read(simulator_page: SimulatorPage) -> None:
    simulator_page.open_message()
    expect(simulator_page.page.get_by_role("heading", name=SEEDED_SUBJECT)).to_be_visible()
    expect(simulator_page.page.locator(".message-who strong").first).to_have_text("Lee Ward")
    simulator_page.page.get_by_role("button", name="Inbox", exact=True).click()
    expect(simulator_page.row(SEEDED_SUBJECT)).to_have_class("row")


def test_a_state_can_be_opened_by_its_address(simulator_page: SimulatorPage) -> None:
    simulator_page.open_message()
    address = simulator_page.page.url
    assert "message=" in address
    simulator_page.page.goto(address)
    expect(simulator_page.page.get_by_role("heading", name=SEEDED_SUBJECT)).to_be_visible()
    expect(simulator_page.title).to_have_text("Dana Reyes")


def test_going_back_in_the_browser_returns_to_the_list(simulator_page: SimulatorPage) -> None:
    simulator_page.open_message()
    simulator_page.page.go_back()
    expect(simulator_page.row(SEEDED_SUBJECT)).to_be_visible()


def test_new_mail_appears_by_itself(simulator_page: SimulatorPage) -> None:
    simulator_page.open()
    expect(simulator_page.row(SEEDED_SUBJECT)).to_be_visible()
    simulator_page.receive(to=[ROBIN], subject="Is the demo still on?", text="Hi Robin")
    expect(simulator_page.row("Is the demo still on?")).to_be_visible()


def test_a_customer_can_be_played_and_answers(simulator_page: SimulatorPage) -> None:
    simulator_page.open(person=DANA)
    simulator_page.page.get_by_role("button", name="Compose").click()
    simulator_page.page.get_by_label("To", exact=True).fill(f"Robin Vale <{ROBIN}>")
    simulator_page.page.get_by_label("Subject").fill("Grüße aus Berlin: 100 % 😀")
    simulator_page.page.get_by_label("Message body").fill("See you on Tuesday.\nDana")
    simulator_page.page.get_by_role("button", name="Send", exact=True).click()
    expect(simulator_page.notice).to_have_text("Message sent")
    simulator_page.page.get_by_label("Person").select_option(ROBIN)
    simulator_page.row("Grüße aus Berlin: 100 % 😀").click()
    frame = simulator_page.page.frame_locator(".message-frame")
    expect(frame.get_by_text("See you on Tuesday.")).to_be_visible()


def test_a_reply_lands_in_the_thread_on_both_sides(simulator_page: SimulatorPage) -> None:
    simulator_page.open_message()
    simulator_page.page.get_by_role("button", name="Reply", exact=True).click()
    simulator_page.page.keyboard.type("Happy to help.")
    simulator_page.page.get_by_role("button", name="Send", exact=True).click()
    expect(simulator_page.page.locator(".message")).to_have_count(2)
    simulator_page.page.get_by_label("Person").select_option("lee@wardlogistics.example")
    expect(
        simulator_page.row("Re: " + SEEDED_SUBJECT).or_(simulator_page.row(SEEDED_SUBJECT)).first
    ).to_contain_text("Happy to help.")


def test_somebody_the_company_has_never_seen_can_be_played(simulator_page: SimulatorPage) -> None:
    simulator_page.open()
    simulator_page.page.get_by_label("Person").select_option("+")
    simulator_page.page.get_by_role("textbox", name="Email address").fill("zoe@nowhere.example")
    simulator_page.page.get_by_role("button", name="Play this person").click()
    expect(simulator_page.page.get_by_text("Nothing in the inbox.")).to_be_visible()
    expect(simulator_page.panel).to_be_hidden()


def test_a_draft_is_kept_and_can_be_taken_up_again(simulator_page: SimulatorPage) -> None:
    simulator_page.open()
    simulator_page.page.get_by_role("button", name="Compose").click()
    simulator_page.page.get_by_label("Subject").fill("Half a thought")
    simulator_page.page.get_by_role("button", name="Save and close").click()
    expect(simulator_page.notice).to_have_text("Draft saved")
    simulator_page.page.get_by_role("link", name="Drafts").click()
    simulator_page.row("Half a thought").click()
    expect(simulator_page.page.get_by_label("Subject")).to_have_value("Half a thought")


def test_a_foreign_page_in_a_mail_runs_no_script(simulator_page: SimulatorPage) -> None:
    script = "<script>parent.document.title='taken'</script>"
    html = f"<p>Hello</p>{script}<img src=x onerror=parent.taken=1>"
    simulator_page.receive(to=[ROBIN], subject="Sharp", text="Hello", html=html)
    simulator_page.open()
    simulator_page.row("Sharp").click()
    expect(simulator_page.page.frame_locator(".message-frame").get_by_text("Hello")).to_be_visible()
    assert "taken" not in simulator_page.page.title()
    assert simulator_page.page.evaluate("window.taken") is None
    blocked = [
        one
        for one in simulator_page.complaints.texts
        if "Blocked script" in one or "violates" in one
    ]
    assert simulator_page.complaints.texts == blocked
    simulator_page.complaints.texts.clear()
