"""The add-on over a draft: its dialog, and what it may do to the draft."""

import base64

import pytest
import requests
from playwright.sync_api import Locator, expect

from tests.browser.simulator_page.page import SimulatorPage
from tests.simulator.page.add_on import Json, card, click_answer, trigger_answer
from tests.simulator.page.installation import ROBIN

pytestmark = pytest.mark.browser


def gmail_action(**action: object) -> Json:
    return {"renderActions": {"hostAppAction": {"gmailAction": action}}}


def dialog_with(simulator_page: SimulatorPage, label: str, answer: Json) -> Locator:
    """A draft with the add-on's dialog over it, in which one button answers so."""
    click = {"action": {"function": simulator_page.add_on.url("/do")}}
    buttons = {"buttonList": {"buttons": [{"text": label, "onClick": click}]}}
    simulator_page.add_on.answers["/compose"] = trigger_answer(card(buttons, title="Compose tools"))
    simulator_page.add_on.answers["/do"] = answer
    simulator_page.open()
    simulator_page.page.get_by_role("button", name="Compose").click()
    simulator_page.page.get_by_label("To", exact=True).fill("Dana Reyes <dana@northwind.example>")
    simulator_page.page.get_by_label("Bcc", exact=True).fill("me@lumenworks.example")
    simulator_page.page.get_by_role("button", name="Desk tools").click()
    dialog = simulator_page.page.get_by_role("dialog", name="Desk tools")
    expect(dialog.get_by_text("Compose tools")).to_be_visible()
    return dialog


def test_the_dialog_is_told_the_recipients_but_never_the_text(
    simulator_page: SimulatorPage,
) -> None:
    dialog_with(simulator_page, "Do", {})
    [event] = simulator_page.events("/compose")
    assert event["gmail"] == {
        "toRecipients": ["dana@northwind.example"],
        "bccRecipients": ["me@lumenworks.example"],
    }


def test_recipients_and_subject_are_replaced(simulator_page: SimulatorPage) -> None:
    update = {
        "updateBccRecipients": {"bccRecipients": [{"email": "log@desk.example"}]},
        "updateSubject": {"subject": "Renewal"},
    }
    dialog_with(simulator_page, "Do", gmail_action(updateDraftActionMarkup=update)).get_by_role(
        "button", name="Do"
    ).click()
    expect(simulator_page.page.get_by_label("Bcc", exact=True)).to_have_value("log@desk.example")
    expect(simulator_page.page.get_by_label("Subject")).to_have_value("Renewal")
    expect(simulator_page.page.get_by_label("To", exact=True)).to_have_value(
        "Dana Reyes <dana@northwind.example>"
    )


@pytest.mark.parametrize(
    ("kind", "body"),
    [("INSERT_AT_START", "NEW\nold"), ("INSERT_AT_END", "old\nNEW"), ("REPLACE", "NEW")],
)
def test_a_body_is_inserted_where_it_is_wanted(
    simulator_page: SimulatorPage, kind: str, body: str
) -> None:
    content = {"content": "<div>NEW<script>x</script></div>", "contentType": "MUTABLE_HTML"}
    update = {"updateBody": {"type": kind, "insertContents": [content]}}
    dialog = dialog_with(simulator_page, "Do", gmail_action(updateDraftActionMarkup=update))
    simulator_page.page.get_by_label("Message body").fill("old")
    dialog.get_by_role("button", name="Do").click()
    written = simulator_page.page.get_by_label("Message body")
    expect(written).to_contain_text("NEW")
    assert written.inner_text().strip() == body
    assert written.locator("script").count() == 0


def test_an_immutable_insert_cannot_be_typed_into(simulator_page: SimulatorPage) -> None:
    content = {"content": "<p>Fixed</p>", "contentType": "IMMUTABLE_HTML"}
    update = {"updateBody": {"type": "INSERT_AT_END", "insertContents": [content]}}
    dialog = dialog_with(simulator_page, "Do", gmail_action(updateDraftActionMarkup=update))
    dialog.get_by_role("button", name="Do").click()
    fixed = simulator_page.page.get_by_label("Message body").locator(".immutable")
    expect(fixed).to_have_attribute("contenteditable", "false")


def test_the_dialog_can_close_itself(simulator_page: SimulatorPage) -> None:
    dismiss = gmail_action(addonComposeUiActionMarkup={"type": "DISMISS"})
    dialog = dialog_with(simulator_page, "Do", dismiss)
    dialog.get_by_role("button", name="Do").click()
    expect(dialog).to_be_hidden()


def test_a_draft_that_the_add_on_made_is_opened(simulator_page: SimulatorPage) -> None:
    raw = b"From: robin@lumenworks.example\r\nTo: dana@northwind.example\r\nSubject: Made\r\n\r\nHi"
    session = {"email": ROBIN}
    token = requests.post(
        f"{simulator_page.installation.root}/simulator/session", json=session, timeout=20
    ).json()
    draft = requests.post(
        f"{simulator_page.installation.root}/gmail/v1/users/me/drafts",
        json={"message": {"raw": base64.urlsafe_b64encode(raw).decode()}},
        headers={"Authorization": f"Bearer {token['access_token']}"},
        timeout=20,
    ).json()
    markup = {"draftId": draft["id"], "draftThreadId": draft["message"]["threadId"]}
    simulator_page.add_on.answers["/make"] = gmail_action(openCreatedDraftActionMarkup=markup)
    click = {"action": {"function": simulator_page.add_on.url("/make")}}
    buttons = {"buttonList": {"buttons": [{"text": "Email", "onClick": click}]}}
    simulator_page.add_on.answers["/message"] = trigger_answer(card(buttons))
    simulator_page.open_message()
    simulator_page.button("Email").click()
    expect(simulator_page.page.get_by_label("Subject")).to_have_value("Made")


def test_a_draft_that_does_not_exist_is_told(simulator_page: SimulatorPage) -> None:
    markup = {"draftId": "r404", "draftThreadId": "1"}
    answer = gmail_action(openCreatedDraftActionMarkup=markup)
    click = {"action": {"function": simulator_page.add_on.url("/make")}}
    buttons = {"buttonList": {"buttons": [{"text": "Email", "onClick": click}]}}
    simulator_page.add_on.answers["/message"] = trigger_answer(card(buttons))
    simulator_page.add_on.answers["/make"] = answer
    simulator_page.open_message()
    simulator_page.button("Email").click()
    expect(simulator_page.notice).to_have_text("The draft cannot be opened")
    simulator_page.complaints.texts.clear()  # the browser logs the 404


def test_a_card_can_be_pushed_inside_the_dialog(simulator_page: SimulatorPage) -> None:
    second = click_answer({"pushCard": card({"divider": {}}, title="Second")})
    dialog = dialog_with(simulator_page, "Do", second)
    dialog.get_by_role("button", name="Do").click()
    expect(dialog.get_by_text("Second")).to_be_visible()
    dialog.get_by_role("button", name="Back").click()
    expect(dialog.get_by_text("Compose tools")).to_be_visible()
