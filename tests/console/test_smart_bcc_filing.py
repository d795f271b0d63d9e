"""The path of Smart BCC mail, from the mail server's delivery to the console."""

from base64 import urlsafe_b64decode
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.policy import SMTP

import pytest
from selectolax.lexbor import LexborHTMLParser

from backend.services.settings import change_policy
from backend.services.smart_bcc.filing import file_inbound
from tests.console.conftest import Visitor, at, member
from tests.console.test_smart_bcc import fields
from tests.support.company import ANA, AUTHSERV_ID, DANA, KIM, ROBIN, STRANGER, Company
from tests.support.dns import Zone, failing, records
from tests.support.lmtp import MailServer, connection, lmtp_server, written

DANA_REYES = f"Dana Reyes <{DANA}>"
LEE = f"Lee Ward <{STRANGER}>"
WAITING = "/smart-bcc"


def proven(domain: str) -> str:
    """What the mail server beside us found out about the sender."""
    return f"{AUTHSERV_ID}; dkim=pass (2048-bit key) header.d={domain}; spf=none"


OURS = proven("lumenworks.example")


@dataclass
class Road:
    """The way from a mail program to the console."""

    company: Company
    mx: MailServer

    def address(self, email: str = ROBIN, label: str = "Your address") -> str:
        return fields(member(self.company, email))[label]

    def copied(self, mail: bytes, to: str = "") -> None:
        """A mail arrives at an address, and the worker does its part."""
        (reply,) = self.mx.deliver(mail, to or self.address())
        assert reply.startswith("250")
        self.company.work()

    def fates(self) -> list[tuple[str, str]]:
        return self.company.rows("SELECT state, reason FROM inbound_mails ORDER BY id")


@pytest.fixture
def road(quiet_company: Company) -> Iterator[Road]:
    with lmtp_server(quiet_company.deps) as port, connection(port) as mx:
        yield Road(quiet_company, mx)


def written_by_robin(*to: str, **more: str) -> bytes:
    return written(f"Robin Vale <{ROBIN}>", *to, Authentication_Results=OURS, **more)


def with_file(mail: bytes, name: str, content: bytes) -> bytes:
    made = message_from_bytes(mail, policy=SMTP)
    made.add_attachment(content, maintype="text", subtype="csv", filename=name)
    return made.as_bytes()


def pressed(visitor: Visitor, what: str) -> str:
    """The first button of the waiting page with this word, pressed."""
    tree = LexborHTMLParser(visitor.get(WAITING).get_data(as_text=True))
    form = tree.css_first(f"form[action$={what}]")
    assert form is not None
    answer = visitor.post(str(form.attributes["action"]))
    return visitor.page(at(answer)) if answer.status_code < 400 else answer.get_data(as_text=True)


def test_a_copied_mail_is_logged_without_a_connected_mailbox(road: Road, robin: Visitor) -> None:
    road.copied(written_by_robin(DANA_REYES, subject="Offer"))
    assert road.fates() == [("filed", "smart_bcc")]
    assert "Offer" in robin.page("/conversations")
    path = f"/conversations/{road.company.value('SELECT id FROM conversations')}"
    assert "By Smart BCC" in robin.page(path)
    assert "Offer" in member(road.company, KIM).page("/conversations")


def test_people_in_to_become_contacts_and_those_copied_never_do(road: Road, robin: Visitor) -> None:
    road.copied(written_by_robin(LEE, subject="Welcome", Cc="Cy Copied <cy@copied.example>"))
    people = robin.page("/contacts")
    assert "Lee Ward" in people
    assert "cy@copied.example" not in people
    assert "Welcome" in robin.page("/conversations")


def test_where_smart_bcc_adds_nobody_mail_of_strangers_waits(road: Road, robin: Visitor) -> None:
    admin = road.company.actor(ANA)
    change_policy(road.company.deps, admin, name="contacts.create", value="one_click")
    road.copied(written_by_robin(LEE, subject="Welcome"))
    assert "Nobody on it is a contact" in robin.page(WAITING)
    assert "Lee Ward" not in robin.page("/contacts")


@pytest.mark.parametrize("first", ["mailbox", "smart bcc"])
def test_the_mailboxs_own_copy_and_the_one_by_smart_bcc_are_one_message(
    road: Road, robin: Visitor, first: str
) -> None:
    company = road.company
    company.connected(ROBIN)
    sent = {"from": DANA_REYES, "to": [ROBIN], "subject": "Both ways", "text": "Hi"}
    (copy,) = company.simulator.post("/simulator/mail", sent).json()["copies"]
    raw = company.gmail(ROBIN).get(f"messages/{copy['id']}", format="raw")["raw"]
    proof = f"Authentication-Results: {proven('northwind.example')}\r\n".encode()
    if first == "mailbox":
        company.later(minutes=16).sweep()
    road.copied(proof + urlsafe_b64decode(raw + "=="))
    company.later(minutes=16).sweep()
    assert company.value("SELECT count(*) FROM messages") == 1
    assert company.value("SELECT count(*) FROM message_copies") == 2
    assert road.fates() == [("filed", "smart_bcc")]
    assert robin.page("/conversations").count("Both ways") == 1


@pytest.mark.parametrize(
    "told",
    ["", "mx.else.example; dkim=pass header.d=lumenworks.example", proven("else.example")],
    ids=["nothing was checked", "told by a stranger", "signed by a stranger"],
)
def test_a_sender_who_is_not_proven_waits_for_the_owner_alone(
    road: Road, robin: Visitor, told: str
) -> None:
    road.copied(written(ROBIN, DANA_REYES, subject="Spoofed", Authentication_Results=told))
    assert "could not be verified" in robin.page(WAITING)
    assert "Spoofed" not in member(road.company, KIM).page(WAITING)
    assert "Spoofed" not in robin.page("/conversations")
    assert "Filed." in pressed(robin, "acceptance")
    assert "Spoofed" in robin.page("/conversations")
    assert "Nothing waits" in robin.page(WAITING)


def test_where_no_trusted_server_checked_the_sender_dns_is_asked(road: Road) -> None:
    """Here by SPF; signatures are shown in tests/provider."""
    spf: Zone = {("lumenworks.example", "TXT"): ['"v=spf1 ip4:192.0.2.7 -all"']}
    for client in ("192.0.2.7", "192.0.2.8"):
        road.mx.came_from(client, "mx.lumenworks.example")
        with records(spf):
            road.copied(written(ROBIN, DANA_REYES))
    assert road.fates() == [("filed", "smart_bcc"), ("held", "unverified")]


def test_while_dns_fails_mail_is_looked_at_again_for_an_hour_and_then_waits(road: Road) -> None:
    workspace = road.company.actor(ROBIN).workspace_id
    road.mx.came_from("192.0.2.7", "mx.lumenworks.example")
    (reply,) = road.mx.deliver(written(ROBIN, DANA_REYES), road.address())
    assert reply.startswith("250")
    with failing():
        for minutes in (0, 16, 32, 48, 64):
            assert [state for state, _ in road.fates()] == ["new"]
            file_inbound(road.company.later(minutes=minutes).deps, workspace)
    assert road.fates() == [("held", "unverified")]


def test_files_are_opened_without_a_mailbox(road: Road, robin: Visitor) -> None:
    road.copied(
        with_file(written_by_robin(DANA_REYES, subject="Offer"), "offer.csv", b"a;b\r\n1;2")
    )
    message, part = road.company.rows("SELECT message_id, part_id FROM attachments")[0]
    answer = robin.get(f"/messages/{message}/files/{part}")
    assert answer.get_data() == b"a;b\r\n1;2"
    assert "offer.csv" in answer.headers["Content-Disposition"]


def test_settled_mail_is_forgotten_after_a_month_and_held_mail_is_not(road: Road) -> None:
    road.copied(written_by_robin(KIM))
    road.copied(written(ROBIN, DANA_REYES, Authentication_Results=proven("else.example")))
    for days, states in ((29, ["left_out", "held"]), (31, ["held"])):
        road.company.later(days=days).sweep()
        assert [state for state, _ in road.fates()] == states


def test_discarding_leaves_nothing_readable(road: Road, robin: Visitor) -> None:
    road.copied(
        written(LEE, ROBIN, subject="Unwanted", Authentication_Results=proven("else.example"))
    )
    assert "Somebody outside your team" in robin.page(WAITING)
    pressed(robin, "removal")
    number = road.company.value("SELECT id FROM inbound_mails")
    again = robin.post(f"/smart-bcc/{number}/acceptance")
    assert "was decided about already" in robin.follow(again)
    assert "Unwanted" not in road.company.dump()


def test_a_reply_of_a_contact_to_all_is_filed_as_received(road: Road, robin: Visitor) -> None:
    proof = proven("northwind.example")
    road.copied(written(DANA_REYES, ROBIN, subject="Re: Offer", Authentication_Results=proof))
    assert road.fates() == [("filed", "smart_bcc")]
    assert road.company.value("SELECT outgoing FROM messages") is False


FORWARDED = f"""FYI

---------- Forwarded message ---------
From: {{0}}
Date: Mon, 2 Nov 2026 at 10:00
Subject: Question
To: Robin Vale <{ROBIN}>

When can we talk?
"""


def test_forwarded_mail_is_filed_under_a_known_writer_and_proposed_for_others(
    road: Road, robin: Visitor
) -> None:
    address = road.address()
    for writer in (DANA_REYES, LEE):
        text = FORWARDED.format(writer)
        road.copied(written_by_robin(address, subject="Fwd: Question", text=text))
    assert road.fates() == [("filed", "smart_bcc"), ("held", "forwarded")]
    assert f"It would be filed under {STRANGER}" in robin.page(WAITING)
    assert "Filed." in pressed(robin, "acceptance")
    assert "Lee Ward" in robin.page("/contacts")


@pytest.mark.parametrize(
    ("headers", "reason"),
    [
        ({"Auto_Submitted": "auto-replied"}, "machine"),
        ({"List_Id": "<news.else.example>"}, "machine"),
        ({"X_Rapport_Send_Id": "5a0ec7a2-6c53-4a0c-8f0c-1d1f3a0a7a11"}, "own_mail"),
    ],
)
def test_machines_and_loops_end_here(
    road: Road, robin: Visitor, headers: dict[str, str], reason: str
) -> None:
    road.copied(written_by_robin(DANA_REYES, subject="Away", **headers))
    assert road.fates() == [("left_out", reason)]
    assert "Not logged" in robin.page(WAITING)
    assert "Away" not in road.company.dump()


def test_internal_mail_is_left_out_and_its_owner_told_why(road: Road, robin: Visitor) -> None:
    road.copied(written_by_robin(KIM, subject="Between us"))
    assert road.fates() == [("left_out", "internal_only")]
    assert "Between us" not in road.company.dump()
    assert "Not logged" in robin.page(WAITING)


def test_any_member_uses_the_workspaces_address_and_admins_decide_about_the_rest(
    road: Road, robin: Visitor
) -> None:
    address = road.address(label="Address of the workspace")
    road.copied(written_by_robin(DANA_REYES, subject="Ours"), address)
    road.copied(written(LEE, KIM, subject="Strange"), address)
    assert [state for state, _ in road.fates()] == ["filed", "held"]
    assert "Strange" not in robin.page(WAITING)
    assert "Strange" in member(road.company, ANA).page(WAITING)
