"""How much of a mailbox the team reads: chosen by its owner, followed on every page and card."""

import base64

import pytest

from backend.services.settings import change_policy
from tests.console.conftest import Visitor, at, words
from tests.support.company import ANA, DANA, KIM, ROBIN, Company


@pytest.fixture
def thread(quiet_company: Company) -> int:
    """A conversation of Dana's that only Robin's mailbox holds."""

    def read() -> int:
        mail = {"from": DANA, "subject": "Merger", "text": "Keep it quiet."}
        quiet_company.receives(ROBIN, **mail)
        quiet_company.connected(ROBIN)
        return int(quiet_company.value("SELECT id FROM conversations"))

    return quiet_company.begun("a merger", read)


@pytest.mark.contract("M2")
@pytest.mark.parametrize(
    ("level", "shown"),
    [("full", {"Merger", "Keep it quiet"}), ("subject", {"Merger"}), ("metadata", set())],
)
def test_the_team_reads_as_much_as_the_owner_chose(
    thread: int, robin: Visitor, ana: Visitor, level: str, shown: set[str]
) -> None:
    robin.post("/mailbox/sharing", sharing=level)
    seen = ana.page(f"/conversations/{thread}")
    assert {part for part in ("Merger", "Keep it quiet") if part in seen} == shown
    subject = "Merger" in shown
    for page in ("/conversations", "/conversations?q=merger"):
        assert ("Merger" in ana.page(page).replace("q=merger", "")) is subject
    assert ("1 conversation" in ana.page("/conversations?q=merger")) is subject
    assert "Keep it quiet" in robin.page(f"/conversations/{thread}")
    assert "Merger" in robin.page("/conversations?q=merger")


def test_of_two_mailboxes_the_most_private_choice_counts(
    robin: Visitor, kim: Visitor, ana: Visitor, quiet_company: Company
) -> None:
    mail = {"from": DANA, "subject": "Merger", "text": "Keep it quiet."}
    quiet_company.receives(ROBIN, KIM, **mail)
    for email in (ROBIN, KIM):
        quiet_company.connected(email)
    kim.post("/mailbox/sharing", sharing="metadata")
    number = quiet_company.value("SELECT id FROM conversations")
    assert "Merger" not in ana.page(f"/conversations/{number}")
    assert "Keep it quiet" in robin.page(f"/conversations/{number}")


def test_waiting_mail_follows_the_choice(robin: Visitor, ana: Visitor, letter: str) -> None:
    robin.post("/mailbox/sharing", sharing="metadata")
    assert "Private email of Robin Vale" in ana.page("/conversations/pending")
    assert "Private email" not in ana.page("/conversations/pending?q=renewal")
    assert ana.get(letter).status_code == 404
    assert "Renewal check-in" in robin.page("/conversations/pending?q=renewal")


def test_waiting_mail_that_may_not_be_read_is_not_changed_either(
    robin: Visitor, kim: Visitor, letter: str, quiet_company: Company
) -> None:
    """Otherwise a leader could add themselves to its Bcc."""
    robin.post("/mailbox/sharing", sharing="metadata")
    words_of = {"to": DANA, "bcc": KIM, "subject": "Mine", "body_text": "Mine", "version": "1"}
    for path in ("", "/departure", "/schedule", "/release", "/cancellation"):
        answer = kim.post(f"{letter}{path}", due_at="2030-01-01T09:00", **words_of)
        assert answer.status_code == 404, path
    assert quiet_company.rows("SELECT subject, bcc, version, state FROM pending_messages") == [
        ("Renewal check-in", [], 1, "scheduled")
    ]


def kim_is_on_the_last_mail(company: Company) -> None:
    """Of a conversation that began with Robin alone, and by another name."""
    company.connected(ROBIN)
    first = {"to": [ROBIN], "from": DANA, "subject": "Merger", "text": "Keep it quiet."}
    before = company.simulator.post("/simulator/mail", first).json()["message_id"]
    company.later(minutes=16).sweep()
    answer = {"subject": "Lunch", "in_reply_to": f"<{before}>", "text": "Kim may know this."}
    company.receives(ROBIN, KIM, **{"from": DANA, **answer})
    company.later(minutes=16).sweep()
    company.connected(KIM)


def test_whoever_is_on_the_last_mail_does_not_read_those_before(
    robin: Visitor, kim: Visitor, quiet_company: Company
) -> None:
    company = quiet_company
    kim_is_on_the_last_mail(company)
    robin.post("/mailbox/sharing", sharing="metadata")
    (thread,) = company.rows("SELECT id FROM conversations")
    private = company.value("SELECT id FROM messages WHERE subject = 'Merger'")
    page = kim.page(f"/conversations/{thread[0]}")
    assert "Kim may know this." in page
    assert "Keep it quiet" not in page
    assert "1 email of this conversation is in no mailbox of yours and private" in page
    assert "Lunch" in page
    assert "Merger" not in page + kim.page("/conversations") + kim.page("/jump?q=lunch")
    for path in (f"/messages/{private}/body", f"/messages/{private}/removal"):
        assert kim.get(path).status_code == 404
        assert robin.get(path).status_code == 200
    change_policy(company.deps, company.actor(ANA), name="reply.quote", value="history")
    kim.post(
        f"/conversations/{thread[0]}/replies", to=DANA, subject="x", body_text="Noted, thanks."
    )
    company.work()
    sent = company.gmail(KIM).get("messages", labelIds="SENT")["messages"][0]
    whole = company.gmail(KIM).get(f"messages/{sent['id']}", format="raw")["raw"]
    text = base64.urlsafe_b64decode(whole).decode()
    assert "Kim may know" in text
    assert "Keep it quiet" not in text
    assert "Keep it quiet" in robin.page(f"/conversations/{thread[0]}")


def test_a_level_there_is_none_of_is_refused(robin: Visitor, quiet_company: Company) -> None:
    answer = robin.post("/mailbox/sharing", sharing="everything")
    assert answer.status_code == 422
    assert "Nothing was changed" in words(answer)


def test_it_can_be_chosen_before_gmail_is_connected(robin: Visitor, quiet_company: Company) -> None:
    assert "Who can read your mail here" in robin.page("/settings/email")
    robin.post("/mailbox/sharing", sharing="subject")
    quiet_company.connected(ROBIN)
    assert quiet_company.value("SELECT sharing FROM mailboxes") == "subject"


def test_connecting_says_and_asks_before_google_does(
    robin: Visitor, quiet_company: Company
) -> None:
    before = robin.page("/connect")
    assert "Who will be able to read it You can always read all of it" in before
    for page in ("/settings/integrations/gmail", "/mailboxes/new/gmail", "/settings/email"):
        assert "before anything is stored" in robin.page(page)
    question = robin.back_from_google(robin.post("/connect/google", sharing="subject"), ROBIN)
    asked = robin.get(at(question)).get_data(as_text=True)
    assert '<option value="subject" selected>' in asked
    robin.post(at(question), display_name="Robin Vale", sharing="metadata")
    assert quiet_company.rows("SELECT state, sharing FROM mailboxes") == [("importing", "metadata")]
    assert at(robin.get("/connect")).startswith(quiet_company.simulator.root)


def test_nobody_learns_words_of_private_subjects_from_the_never_log_list(
    thread: int, robin: Visitor, ana: Visitor
) -> None:
    robin.post("/mailbox/sharing", sharing="metadata")
    form = {"kind": "subject", "value": "merger", "scope": "workspace"}
    assert "It would have kept out nothing" in ana.follow(ana.post("/settings/never-log", **form))
