"""Pending mail: listed, previewed, edited, moved, sent at once, deleted; and all refusals."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from redis import Redis

from backend.console.sessions import COOKIE
from backend.limits import Limits
from tests.console.conftest import Visitor, member, visitor, words
from tests.support.company import ANA, DANA, KIM, ROBIN, Company
from tests.support.decisions import import_customers, share


def state(company: Company) -> str:
    return str(company.value("SELECT state FROM pending_messages"))


def answers_in_a_day(company: Company, robin: Visitor) -> str:
    """The address of a mail of Robin's that answers Dana's."""
    company.receives(ROBIN, **{"from": DANA, "subject": "Secret plan"})
    company.connected(ROBIN)
    thread = company.value("SELECT id FROM conversations")
    form = {"to": DANA, "body_text": "Yes", "when": "delay", "delay": "1", "delay_unit": "days"}
    assert robin.post(f"/conversations/{thread}/replies", **form).status_code == 303
    return f"/pending/{company.value('SELECT id FROM pending_messages')}"


def version(company: Company) -> int:
    return int(company.value("SELECT version FROM pending_messages"))


@pytest.mark.contract("VC-34", "VC-49")
def test_the_list_shows_who_gets_what_when_and_why(connected: Visitor, letter: str) -> None:
    text = connected.page("/conversations/pending")
    assert "1 email" in text
    assert "Dana Reyes Northwind Traders Renewal check-in Tomorrow" in text
    assert "Scheduled On the date chosen for it." in text


@pytest.mark.contract("VC-50", "VC-51")
def test_the_list_is_filtered_by_state_sender_words_and_account_type(
    connected: Visitor, letter: str, quiet_company: Company
) -> None:
    import_customers(quiet_company, "Account,Plan", "Northwind Traders,Subscribed")
    kim = quiet_company.value("SELECT id FROM team_members WHERE email_key = %s", KIM)
    for query, found in (
        ("plan=Subscribed", True),
        ("plan=Trial", False),
        ("view=held", False),
        ("view=scheduled", True),
        ("q=renewal", True),
        ("q=dana@north", True),
        ("q=nothing", False),
        (f"sender={kim}", False),
        ("leaves=week", True),
        ("leaves=day", True),
    ):
        text = connected.page(f"/conversations/pending?{query}")
        assert ("Renewal check-in" in text) is found, query
        assert ("No emails match" in text) is not found, query
    yesterday = member(quiet_company.later(days=-1), ROBIN)
    assert "No emails match" in yesterday.page("/conversations/pending?leaves=day")


@pytest.mark.contract("VC-52", "VC-53")
def test_a_preview_stands_beside_the_list_with_a_pencil(connected: Visitor, letter: str) -> None:
    number = letter.rpartition("/")[2]
    text = connected.get(f"/conversations/pending?open={number}").get_data(as_text=True)
    assert f'href="/pending/{number}/edit"' in text
    assert 'aria-label="Edit this email"' in text
    body = connected.get(f"/pending/{number}/body")
    assert "your plan <renews> soon." in words(body).replace("&lt;", "<").replace("&gt;", ">")
    assert "sandbox" in body.headers["Content-Security-Policy"]


@pytest.mark.contract("VC-54")
def test_an_edit_changes_this_mail_only(
    connected: Visitor, letter: str, quiet_company: Company
) -> None:
    form = connected.get(f"{letter}/edit").get_data(as_text=True)
    due_at = re.findall(r'name="due_at" value="([^"]+)"', form)[0]
    text = connected.follow(
        connected.post(
            letter,
            version=version(quiet_company),
            to=DANA,
            subject="Renewal, corrected",
            body_text="New text",
            when="date",
            due_at=due_at,
        )
    )
    assert "Saved for this email only." in text
    assert "Edited By Robin Vale" in text
    row = quiet_company.rows("SELECT subject, body_text FROM pending_messages")[0]
    assert row == ("Renewal, corrected", "New text")


def test_an_edit_of_an_old_version_changes_nothing_and_keeps_what_was_typed(
    connected: Visitor, letter: str, quiet_company: Company
) -> None:
    answer = connected.post(letter, version=0, to=DANA, subject="X-2", body_text="My long text")
    assert answer.status_code == 409
    assert "Nothing was changed." in words(answer)
    assert f"What you wrote To {DANA} Subject X-2 My long text" in words(answer)
    assert quiet_company.value("SELECT subject FROM pending_messages") == "Renewal check-in"


@pytest.mark.contract("VC-56")
def test_the_date_can_be_changed(connected: Visitor, letter: str, quiet_company: Company) -> None:
    day = (quiet_company.deps.now() + timedelta(days=5)).date()
    answer = connected.post(
        f"{letter}/schedule", version=version(quiet_company), due_at=f"{day}T10:00"
    )
    assert "Leaves" in connected.follow(answer)
    assert quiet_company.value("SELECT due_at::date FROM pending_messages") == day


@pytest.mark.parametrize("due_at", ["", "tomorrow", "9999-12-31T23:59"])
def test_a_date_that_cannot_be_used_changes_nothing(
    connected: Visitor, letter: str, quiet_company: Company, due_at: str
) -> None:
    before = quiet_company.value("SELECT due_at FROM pending_messages")
    answer = connected.post(f"{letter}/schedule", version=version(quiet_company), due_at=due_at)
    assert answer.status_code == 422
    assert quiet_company.value("SELECT due_at FROM pending_messages") == before


@pytest.mark.contract("VC-55")
def test_send_now_asks_first_and_then_puts_it_in_front(
    connected: Visitor, letter: str, quiet_company: Company
) -> None:
    question = connected.page(f"{letter}/departure")
    assert "An email that has left can't be recalled" in question
    form = {"version": version(quiet_company)}
    connected.follow(connected.post(f"{letter}/departure", **form))
    again = connected.follow(connected.post(f"{letter}/departure", **form))
    assert "You pressed Send now already. It will leave by itself." in again
    assert quiet_company.value("SELECT urgency FROM pending_messages") == "now"
    assert quiet_company.value("SELECT due_at <= now() FROM pending_messages")


@pytest.mark.contract("VC-35", "VC-57")
def test_a_deleted_mail_is_never_sent(
    connected: Visitor, letter: str, quiet_company: Company
) -> None:
    assert "will never be sent" in connected.page(f"{letter}/cancellation")
    form = {"version": version(quiet_company)}
    answer = connected.post(f"{letter}/cancellation", **form)
    text = connected.follow(answer)
    assert "Deleted. It will never be sent." in text
    again = connected.follow(connected.post(f"{letter}/cancellation", **form))
    assert "was deleted already" in again
    assert "Nothing is pending" in text
    assert state(quiet_company) == "cancelled"


def test_what_has_left_cannot_be_changed(
    connected: Visitor, letter: str, quiet_company: Company
) -> None:
    quiet_company.later(days=1, minutes=5).sweep()
    for act in ("departure", "cancellation"):
        answer = connected.post(f"{letter}/{act}", version=version(quiet_company))
        assert answer.status_code == 409, act
        assert "It has left" in words(answer)
        assert connected.get(f"{letter}/{act}").status_code == 409
    assert connected.get(f"{letter}/edit").status_code == 409
    assert state(quiet_company) == "sent"


def test_a_held_mail_says_why_and_is_released_by_a_person(
    robin: Visitor, quiet_company: Company
) -> None:
    letter = answers_in_a_day(quiet_company, robin)
    asked = quiet_company.value("SELECT rfc_id FROM messages")
    more = {"subject": "Re: Secret plan", "in_reply_to": [f"<{asked}>"]}
    quiet_company.receives(ROBIN, **{"from": DANA, **more})
    quiet_company.later(days=1, minutes=20).sweep()
    text = robin.page("/conversations/pending?view=held")
    assert "Held because the contact has written since" in text
    form = {"version": version(quiet_company)}
    robin.follow(robin.post(f"{letter}/release", **form))
    again = robin.follow(robin.post(f"{letter}/release", **form))
    assert "This email is not held any more." in again
    assert state(quiet_company) == "scheduled"


def test_a_member_may_not_change_the_mail_of_others_and_a_leader_may(
    robin: Visitor, ana: Visitor, quiet_company: Company
) -> None:
    quiet_company.connected(ANA)
    form = {"to": DANA, "subject": "Renewal", "body_text": "Hi", "when": "delay", "delay": "1"}
    letter = ana.post("/conversations", **form).headers["Location"]
    assert "Delete" in ana.page(letter)
    assert "Delete" not in robin.page(letter)
    answer = robin.post(f"{letter}/cancellation", version=version(quiet_company))
    assert answer.status_code == 403
    assert "Only leaders and admins" in words(answer)
    assert state(quiet_company) == "scheduled"
    kim = member(quiet_company, KIM)
    assert kim.post(f"{letter}/cancellation", version=version(quiet_company)).status_code == 303


def test_mail_in_a_private_conversation_is_closed_to_others(
    robin: Visitor, quiet_company: Company
) -> None:
    letter = answers_in_a_day(quiet_company, robin)
    share(quiet_company, "metadata")
    kim = member(quiet_company, KIM)
    assert "Private email of Robin Vale" in kim.page("/conversations/pending")
    assert kim.get(letter).status_code == 404
    assert kim.get(f"{letter}/body").status_code == 404
    assert robin.get(letter).status_code == 200


def test_when_redis_is_gone_the_page_says_that_sending_is_paused(
    connected: Visitor, letter: str, quiet_company: Company
) -> None:
    gone = Limits(Redis(port=1, socket_connect_timeout=0.2))
    again = visitor(quiet_company, replace(quiet_company.deps, limits=gone))
    cookie = connected.client.get_cookie(COOKIE)
    assert cookie is not None
    again.client.set_cookie(COOKIE, cookie.value)
    text = again.page("/conversations/pending")
    assert "Sending is paused: the limits can't be checked right now." in text
    assert "Nothing is lost. 1 email waits." in text
