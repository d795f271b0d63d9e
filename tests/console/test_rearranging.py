"""A conversation that was joined wrongly is split by hand, two that are one are merged; both can be
undone, and mail that comes later goes where a person put what it answers.
"""

from dataclasses import dataclass

import pytest

from backend.services.importing import syncing
from tests.console.conftest import Visitor, at, member, words
from tests.support.company import ANA, DANA, KIM, ROBIN, Company
from tests.support.decisions import share

JON = "jon@adatum.example"
MAILS = """SELECT m.rfc_id FROM messages m WHERE m.conversation_id = %s ORDER BY m.sent_at, m.id"""


@dataclass(frozen=True)
class Inbox:
    """Robin's mailbox, live, and what arrives there."""

    company: Company

    def receives(self, name: str, sender: str, *cites: str, **more: object) -> int:
        """A message is synced; returns its conversation."""
        headers = {"Message-ID": f"<{name}@mail.example>"}
        if cites:
            headers["References"] = " ".join(f"<{one}@mail.example>" for one in cites)
        self.company.receives(
            ROBIN,
            **{"from": sender, "subject": "Re: Pilot", "text": f"I am {name}", **more},
            headers=headers,
        )
        ((workspace_id, mailbox_id),) = self.company.rows(
            "SELECT workspace_id, id FROM mailboxes WHERE state = 'live' AND email = %s", ROBIN
        )
        syncing.sync_mailbox(self.company.deps, workspace_id, mailbox_id)
        return int(
            self.company.value(
                "SELECT conversation_id FROM messages WHERE rfc_id = %s", f"{name}@mail.example"
            )
        )

    def number(self, name: str) -> str:
        return str(
            self.company.value("SELECT id FROM messages WHERE rfc_id = %s", f"{name}@mail.example")
        )

    def holds(self, place: int) -> str:
        return " ".join(row[0].partition("@")[0] for row in self.company.rows(MAILS, place))


@pytest.fixture
def inbox(quiet_company: Company) -> Inbox:
    quiet_company.connected(ROBIN)
    return Inbox(quiet_company)


@pytest.fixture
def joined(inbox: Inbox) -> int:
    """Dana and Jon were once on one mail; since then Jon writes about something else."""
    place = inbox.receives("d1", DANA, cc=JON)
    assert inbox.receives("j1", JON, "d1") == inbox.receives("d2", DANA, "d1") == place
    return place


def split(inbox: Inbox, robin: Visitor, place: int, *names: str) -> int:
    answer = robin.post(
        f"/conversations/{place}/split", message=[inbox.number(one) for one in names]
    )
    return int(at(answer).rpartition("/")[2])


def test_mails_are_split_off_and_later_mail_goes_where_it_belongs(
    inbox: Inbox, robin: Visitor, joined: int
) -> None:
    page = robin.page(f"/conversations/{joined}/split")
    assert "I am j1" in page
    own = split(inbox, robin, joined, "j1")
    assert (inbox.holds(joined), inbox.holds(own)) == ("d1 d2", "j1")
    text = robin.page(f"/conversations/{own}")
    assert "Listed here because jon@adatum.example is in From" in text
    assert "dana@northwind.example is" not in text
    assert "You split this off another conversation" in text
    assert "You split 1 email off" in robin.page(f"/conversations/{joined}")
    # Both are on it and it cites both; still nothing brings the two together.
    assert inbox.receives("j2", JON, "d1", "j1", cc=DANA) == own
    assert inbox.receives("d3", DANA, "d1", "d2", cc=JON) == joined
    why = robin.page(f"/messages/{inbox.number('j1')}/why")
    assert "You split this off another conversation" in why
    assert inbox.company.rows(
        "SELECT action, subject, detail ->> 'other' FROM audit_log WHERE action ~ 'conversation'"
    ) == [("conversation.split", f"conversation:{joined}", str(own))]


def test_a_split_is_undone_once_and_its_address_leads_on(
    inbox: Inbox, robin: Visitor, joined: int
) -> None:
    own = split(inbox, robin, joined, "j1", "d2")
    change = inbox.company.value("SELECT id FROM conversation_changes")
    assert inbox.receives("j2", JON, "j1") == own
    undo = f"/conversations/changes/{change}/undo"
    assert at(robin.post(undo)) == at(robin.post(undo)) == f"/conversations/{joined}"
    assert inbox.holds(joined) == "d1 j1 d2 j2"
    assert "Split this conversation" in robin.follow(robin.get(f"/conversations/{own}"))
    ana = member(inbox.company, ANA)
    assert "Robin Vale has undone this already" in ana.follow(ana.post(undo))
    assert inbox.receives("j3", JON, "j2", "d1", cc=DANA) == joined


def test_a_split_that_makes_no_sense_or_comes_too_late_is_refused(
    inbox: Inbox, robin: Visitor, joined: int
) -> None:
    path = f"/conversations/{joined}/split"
    nothing, everything = (
        robin.post(path),
        robin.post(path, message=[inbox.number(one) for one in ("d1", "j1", "d2")]),
    )
    assert (nothing.status_code, everything.status_code) == (422, 422)
    assert "Tick the emails that belong elsewhere" in words(nothing)
    assert "Leave at least one unticked" in words(everything)
    own = split(inbox, robin, joined, "j1")
    assert split(inbox, robin, joined, "j1") == own  # sent twice, done once
    late = member(inbox.company, ANA).post(path, message=[inbox.number("j1")])
    assert late.status_code == 409
    assert "somebody moved some of them meanwhile" in words(late)
    assert robin.post("/conversations/changes/99999/undo").status_code == 404


def test_a_waiting_answer_goes_with_the_mail_it_answers(
    inbox: Inbox, robin: Visitor, joined: int
) -> None:
    when = {"when": "delay", "delay": "1", "delay_unit": "days"}
    robin.post(f"/conversations/{joined}/replies", to=DANA, body_text="Soon.", **when)
    own = split(inbox, robin, joined, "d2")
    waits = '<section class="card" id="pending"'
    for place, expected in ((joined, False), (own, True)):
        page = robin.get(f"/conversations/{place}").get_data(as_text=True)
        assert (waits in page) is expected, place
    assert inbox.company.value("SELECT conversation_id FROM pending_messages") == own


def assert_typed_survives(robin: Visitor, emptied: int, kept: int) -> None:
    """An answer typed before a merge is shown in the conversation that is left."""
    late = robin.post(f"/conversations/{emptied}/replies", to=DANA, body_text="Typed before.")
    assert late.status_code == 409
    assert "became part of this one while you wrote" in words(late)
    assert "Typed before." in words(late)
    assert f'action="/conversations/{kept}/replies"' in late.get_data(as_text=True)


def test_two_conversations_become_one_and_two_again(inbox: Inbox, robin: Visitor) -> None:
    one = inbox.receives("d1", DANA, subject="Offer")
    other = inbox.receives("d2", DANA, subject="Your question", cc=JON)
    assert one != other
    page = robin.page(f"/conversations/{one}/merge")
    assert "Your question" in page
    assert "Offer" not in page.partition("Of the same people")[2]
    assert "Your question" in robin.page(f"/conversations/{one}/merge?q=question")
    path = f"/conversations/{one}/merge"
    assert at(robin.post(path, other=str(other))) == f"/conversations/{one}"
    assert at(robin.post(path, other=str(other))) == f"/conversations/{one}"
    assert (inbox.holds(one), inbox.holds(other)) == ("d1 d2", "")
    assert "merged another conversation of 1 email" in robin.page(f"/conversations/{one}")
    assert at(robin.get(f"/conversations/{other}")) == f"/conversations/{one}"
    assert "Offer" in robin.page("/conversations")
    assert "1 conversation" in robin.page("/conversations")
    assert inbox.receives("d3", DANA, "d2") == one
    assert_typed_survives(robin, other, one)
    change = inbox.company.value("SELECT id FROM conversation_changes")
    robin.post(f"/conversations/changes/{change}/undo")
    assert (inbox.holds(one), inbox.holds(other)) == ("d1", "d2 d3")
    assert "Listed here because jon@adatum.example" in robin.page(f"/conversations/{other}")
    assert "jon@adatum.example" not in robin.page(f"/conversations/{one}")
    assert inbox.receives("d4", DANA, "d3") == other


def test_a_merge_of_what_was_split_is_a_split_again_when_it_is_undone(
    inbox: Inbox, robin: Visitor, joined: int
) -> None:
    own = split(inbox, robin, joined, "j1")
    robin.post(f"/conversations/{joined}/merge", other=str(own))
    assert inbox.holds(joined) == "d1 j1 d2"
    change = inbox.company.value("SELECT max(id) FROM conversation_changes")
    robin.post(f"/conversations/changes/{change}/undo")
    assert inbox.receives("j2", JON, "d1", "j1", cc=DANA) == own
    assert inbox.holds(joined) == "d1 d2"


def test_a_merge_is_refused_with_itself_with_nothing_and_with_what_others_keep_private(
    inbox: Inbox, robin: Visitor
) -> None:
    mine, other = inbox.receives("d1", DANA, subject="Offer"), inbox.receives("j1", JON)
    path = f"/conversations/{mine}/merge"
    for chosen, said in ((str(mine), "this conversation itself"), ("", "Choose the conversation")):
        answer = robin.post(path, other=chosen, q="Pilot")
        assert (answer.status_code, said in words(answer)) == (422, True)
        assert answer.get_data(as_text=True).count('name="q" value="Pilot"') == 2
    assert robin.post(path, other="99999999").status_code == 404
    share(inbox.company, "metadata")
    kim = member(inbox.company, KIM)
    for page in (path, f"/conversations/{mine}/split"):
        assert kim.get(page).status_code == 404
    assert kim.post(path, other=str(other)).status_code == 404
    inbox.company.receives(KIM, **{"from": DANA, "subject": "To Kim"})
    inbox.company.connected(KIM)
    hers = inbox.company.value("SELECT id FROM conversations WHERE subject = 'To Kim'")
    refused = robin.post(path, other=str(hers))
    assert refused.status_code == 403
    assert "would show others that it is there" in words(refused)
    assert at(robin.post(path, other=str(other))) == f"/conversations/{mine}"  # Robin's alone
