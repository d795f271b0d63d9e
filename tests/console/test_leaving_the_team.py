"""Somebody leaves the team: asked first, their work stops, and all of it can be undone."""

import re

import pytest

from backend.google.oauth import OAuthClient
from tests.console.conftest import Visitor, member, words
from tests.support.company import DANA, KIM, ROBIN, Company
from tests.support.decisions import settle_on

LETTER = {"to": DANA, "subject": "Renewal", "body_text": "Hi Dana"}


def number(company: Company, email: str) -> int:
    return int(company.value("SELECT id FROM team_members WHERE email_key = %s", email))


def mails(company: Company) -> list[tuple[object, ...]]:
    return company.rows(
        "SELECT p.state, p.reason, m.email, t.email FROM pending_messages p"
        " JOIN mailboxes m ON m.id = p.mailbox_id JOIN team_members t ON t.id = p.author_id"
        " ORDER BY p.subject"
    )


def owned(company: Company, email: str) -> int:
    mine = "SELECT count(*) FROM accounts WHERE csm_id = %s OR ae_id = %s"
    return int(company.value(mine, number(company, email), number(company, email)))


def was_removed_already(ana: Visitor, question: str, removal: dict[str, str]) -> None:
    """A second click, or another admin who still looks at the question."""
    for repeated in (True, False):
        answer = ana.post(question, **removal) if repeated else ana.get(question)
        page = ana.get(answer.headers["Location"])
        assert "Robin Vale was removed already" in words(page)


def test_what_hangs_on_a_member_is_asked_about_handed_over_and_given_back(
    connected: Visitor, ana: Visitor, quiet_company: Company
) -> None:
    company = quiet_company
    company.connected(KIM)
    connected.post("/conversations", **LETTER, when="delay", delay="1", delay_unit="days")
    robin, kim, before = number(company, ROBIN), number(company, KIM), owned(company, ROBIN)
    assert before > 0
    page = ana.page(f"/settings/team/{robin}/removal")
    assert f"{ROBIN} is disconnected" in page
    assert "1 email waits to leave" in page
    removal = {"heir": str(kim), "mail": "hand"}
    for wrong in ({"mail": "hand"}, {"heir": "Kim"}, {"heir": str(robin)}, {"heir": "999999"}):
        assert ana.post(f"/settings/team/{robin}/removal", **wrong).status_code == 422, wrong
    done = ana.get(ana.post(f"/settings/team/{robin}/removal", **removal).headers["Location"])
    assert "Robin Vale can't sign in any more." in words(done)
    assert connected.get("/").headers["Location"].startswith("/signin")
    assert mails(company) == [("held", "handed_over", KIM, KIM)]
    assert owned(company, ROBIN) == 0
    health = ana.page("/health")
    assert ("Robin Vale has left the team." in health, "needs a look" in health) == (True, False)
    state = company.value("SELECT state FROM mailboxes WHERE email = %s", ROBIN)
    assert state == "disconnected"
    undo = re.search(rf'action="(/settings/team/{robin}/return)"', done.get_data(as_text=True))
    assert undo is not None
    ana.post(undo[1])
    assert owned(company, ROBIN) == before
    assert mails(company) == [("scheduled", "mailbox_disconnected", ROBIN, ROBIN)]
    assert "It will be held then, because the mailbox is disconnected. It leaves once" in (
        ana.page("/conversations/pending")
    )


def test_mail_that_was_held_before_goes_along_and_comes_back(
    connected: Visitor, ana: Visitor, quiet_company: Company
) -> None:
    company = quiet_company
    company.connected(KIM)
    settle_on(company, undo_seconds="10")
    connected.post("/conversations", **LETTER)
    connected.post("/conversations", **{**LETTER, "subject": "Touched"})
    for (letter,) in company.rows("SELECT id FROM pending_messages"):
        assert connected.post(f"/pending/{letter}/recall", version=1).status_code == 303
    robin, kim = number(company, ROBIN), number(company, KIM)
    removal = {"heir": str(kim), "mail": "hand"}
    ana.post(f"/settings/team/{robin}/removal", **removal)
    was_removed_already(ana, f"/settings/team/{robin}/removal", removal)
    letter = company.value("SELECT id FROM pending_messages WHERE subject = 'Touched'")
    heir = member(company, KIM)
    assert "Handed over" in heir.page(f"/pending/{letter}")
    changed = heir.post(f"/pending/{letter}", **{**LETTER, "subject": "Touched"}, version=3)
    assert changed.status_code == 303
    ana.post(f"/settings/team/{robin}/return")
    assert mails(company) == [
        ("held", "taken_back", ROBIN, ROBIN),
        ("held", "taken_back", KIM, KIM),
    ]


def test_held_mail_gets_another_sender_as_its_sentence_says(
    connected: Visitor, ana: Visitor, quiet_company: Company
) -> None:
    company = quiet_company
    connected.post("/conversations", **LETTER, when="delay", delay="1", delay_unit="days")
    letter = company.value("SELECT id FROM pending_messages")
    ana.post(f"/settings/team/{number(company, ROBIN)}/removal", mail="hold")
    assert mails(company) == [("held", "sender_gone", ROBIN, ROBIN)]
    company.connected(KIM)
    kim = member(company, KIM)
    page = kim.page(f"/pending/{letter}")
    assert "Choose another sender or delete it." in page
    box = company.value("SELECT id FROM mailboxes WHERE email = %s", KIM)
    refused = kim.post(f"/pending/{letter}/sender", version=2, mailbox="999")
    assert refused.status_code == 422
    assert "Kim Doyle" in kim.follow(kim.post(f"/pending/{letter}/sender", version=2, mailbox=box))
    assert mails(company) == [("scheduled", "not_due", KIM, KIM)]


def test_a_reason_that_is_no_longer_true_disappears(
    connected: Visitor, ana: Visitor, quiet_company: Company
) -> None:
    company = quiet_company
    connected.post("/conversations", **LETTER, when="delay", delay="1", delay_unit="days")
    robin = number(company, ROBIN)
    ana.post(f"/settings/team/{robin}/removal", mail="hold")
    ana.post(f"/settings/team/{robin}/return")
    assert mails(company) == [("scheduled", "mailbox_disconnected", ROBIN, ROBIN)]


def test_a_mailbox_is_read_no_more_even_if_google_could_not_be_told(
    connected: Visitor, ana: Visitor, quiet_company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    company = quiet_company

    def killed(*_: object) -> None:
        """The process ends before Google has answered."""
        raise SystemExit

    monkeypatch.setattr(OAuthClient, "revoke", killed)
    with pytest.raises(SystemExit):
        ana.post(f"/settings/team/{number(company, ROBIN)}/removal", mail="hold")
    assert company.rows("SELECT state, sealed_token FROM mailboxes") == [("disconnected", None)]
    assert connected.get("/").headers["Location"].startswith("/signin")
