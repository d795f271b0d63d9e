"""How much of a mailbox the team reads: chosen by its owner, followed on every page and card."""

import pytest

from tests.console.conftest import Visitor, at, words
from tests.support.office import DANA, KIM, ROBIN, Office


@pytest.fixture
def thread(quiet_office: Office) -> int:
    """A conversation of Dana's that only Robin's mailbox holds."""
    quiet_office.receives(ROBIN, **{"from": DANA, "subject": "Merger", "text": "Keep it quiet."})
    quiet_office.connected(ROBIN)
    return int(quiet_office.value("SELECT id FROM conversations"))


@pytest.mark.contract("M2")
@pytest.mark.parametrize(
    ("level", "shown"),
    [("full", {"Merger", "Keep it quiet"}), ("subject", {"Merger"}), ("metadata", set())],
)
def test_the_team_reads_as_much_as_the_owner_chose(
    robin: Visitor, ana: Visitor, thread: int, level: str, shown: set[str]
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
    robin: Visitor, kim: Visitor, ana: Visitor, quiet_office: Office
) -> None:
    mail = {"from": DANA, "subject": "Merger", "text": "Keep it quiet."}
    quiet_office.receives(ROBIN, KIM, **mail)
    for email in (ROBIN, KIM):
        quiet_office.connected(email)
    kim.post("/mailbox/sharing", sharing="metadata")
    number = quiet_office.value("SELECT id FROM conversations")
    assert "Merger" not in ana.page(f"/conversations/{number}")
    assert "Keep it quiet" in robin.page(f"/conversations/{number}")


def test_waiting_mail_follows_the_choice(robin: Visitor, ana: Visitor, letter: str) -> None:
    robin.post("/mailbox/sharing", sharing="metadata")
    assert "Private email of Robin Vale" in ana.page("/conversations/pending")
    assert "Private email" not in ana.page("/conversations/pending?q=renewal")
    assert ana.get(letter).status_code == 404
    assert "Renewal check-in" in robin.page("/conversations/pending?q=renewal")


def test_a_level_there_is_none_of_is_refused(robin: Visitor, quiet_office: Office) -> None:
    answer = robin.post("/mailbox/sharing", sharing="everything")
    assert answer.status_code == 422
    assert "Nothing was changed" in words(answer)


def test_it_can_be_chosen_before_gmail_is_connected(robin: Visitor, quiet_office: Office) -> None:
    assert "Who can read your mail here" in robin.page("/settings/email")
    robin.post("/mailbox/sharing", sharing="subject")
    quiet_office.connected(ROBIN)
    assert quiet_office.value("SELECT sharing FROM mailboxes") == "subject"


def test_connecting_says_and_asks_before_google_does(robin: Visitor, quiet_office: Office) -> None:
    before = robin.page("/connect")
    assert "Who will be able to read it You always read all of it" in before
    for page in ("/settings/integrations/gmail", "/mailboxes/new/gmail", "/settings/email"):
        assert "before anything is stored" in robin.page(page)
    question = robin.back_from_google(robin.post("/connect/google", sharing="subject"), ROBIN)
    asked = robin.get(at(question)).get_data(as_text=True)
    assert '<option value="subject" selected>' in asked
    robin.post(at(question), display_name="Robin Vale", sharing="metadata")
    assert quiet_office.rows("SELECT state, sharing FROM mailboxes") == [("importing", "metadata")]
    assert at(robin.get("/connect")).startswith(quiet_office.simulator.root)


def test_nobody_learns_words_of_private_subjects_from_the_never_log_list(
    robin: Visitor, ana: Visitor, thread: int
) -> None:
    robin.post("/mailbox/sharing", sharing="metadata")
    form = {"kind": "subject", "value": "merger", "scope": "workspace"}
    assert "It would have kept out nothing" in ana.follow(ana.post("/settings/never-log", **form))
