"""Card, click and sync ask the capture rule with the same facts, whatever the policies say."""

import base64
from collections.abc import Callable, Mapping
from email.message import EmailMessage

from backend.domain.capture.rule import Asked
from backend.domain.ids import MailboxId
from backend.domain.summaries.mailbox import TakesIn
from backend.google.open_message import NEEDED, read
from backend.google.opened import Extent
from backend.jobs import JobName
from backend.queries.panel.known import Reader
from backend.queries.panel.message import read_for_card
from backend.queries.panel.unstored import look
from backend.services import logging_mail, settings
from backend.services.capture.capturing import judge
from backend.services.capture.capturing import read as read_mail
from backend.services.capture.opened import clicked_in
from backend.services.logging_mail import Following
from backend.store.capture_facts import gather
from tests.support.company import ANA, DANA, KIM, STRANGER, Company
from tests.support.open_mail import copies, nonce, opened

Mail = Mapping[str, object]
DOMAIN_MATE = "lee@mail.northwind.example"
BOUNCE = """\
From: Mail Delivery Subsystem <mailer-daemon@googlemail.com>
To: {to}
Subject: Delivery Status Notification (Failure)
Message-ID: <{number}@mx.google.com>
Date: Sat, 28 Nov 2026 10:00:00 +0000
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

Your message wasn't delivered.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; googlemail.com

Final-Recipient: rfc822; gone@northwind.example
Action: failed
Status: 5.1.1

--b
Content-Type: message/rfc822

From: {to}
To: gone@northwind.example
Message-ID: {reported}
Subject: Hello

--b--
"""


class Roads:
    """Ana's connected mailbox, and the three roads a mail in it can take."""

    def __init__(self, company: Company) -> None:
        self.company, self.mailbox_id = company, company.connected(ANA)
        self.actor = company.actor(ANA)
        self.numbers = iter(range(1_000))
        self.followed = self._followed()
        self.sent = self._sent()

    def card(self, gmail_id: str) -> tuple[str, str]:
        mail = opened(self.company, gmail_id, ANA, scopes=frozenset(NEEDED.values()))
        deps, actor = self.company.deps, self.actor
        reader = Reader(deps=deps, actor=actor, gmail_id=gmail_id)
        decision = look(reader, read_for_card(deps, mail), self.mailbox_id).decision
        return type(decision).__name__, decision.reason.value

    def click(self, gmail_id: str) -> tuple[str, str]:
        """What the click's own road says before the wish is weighed."""
        deps, actor = self.company.deps, self.actor
        fetched = read(deps.google, opened(self.company, gmail_id, ANA), Extent.WHOLE)
        where = clicked_in(deps, actor, MailboxId(self.mailbox_id), asked=Asked.NOTHING)
        mail = read_mail(where, fetched)
        with deps.store.begin(actor.workspace_id) as session:
            facts = gather(session, where, [mail])
            assert facts is not None
            judge(where, mail, facts)
        return type(mail.decision).__name__, mail.decision.reason.value

    def sync(self, gmail_ids: Mapping[str, str]) -> dict[str, tuple[str, str]]:
        self.company.deps.jobs.enqueue(
            JobName.SYNC_MAILBOX, *self.company.key(MailboxId(self.mailbox_id))
        )
        self.company.work()
        names = {"kept": "Keep", "skipped": "Skip", "quarantined": "Quarantine"}
        rows = self.company.rows(
            "SELECT gmail_id, outcome, reason FROM decisions WHERE mailbox_id = %s",
            self.mailbox_id,
        )
        decided = {one: (names[outcome], reason) for one, outcome, reason in rows}
        return {name: decided[one] for name, one in gmail_ids.items()}

    def receives(self, mail: Mail) -> str:
        return copies(self.company, {"to": [ANA], **mail})[ANA]

    def mails(self) -> dict[str, str]:
        """One of each sort, fresh, by what it is."""
        return {
            "known sender": self.receives({"from": DANA}),
            "of a colleague": self.receives({"from": KIM, "to": [ANA, DANA]}),
            "known in Cc": self.receives({"from": STRANGER, "cc": [DANA]}),
            "third party": self.receives({"from": STRANGER, "to": [ANA, DANA]}),
            "stranger": self.receives({"from": STRANGER}),
            "colleague of a contact": self.receives({"from": DOMAIN_MATE}),
            "spam": self.receives({"from": DANA, "labels": ["SPAM"]}),
            "internal": self.receives({"from": KIM}),
            "never logged": self.receives({"from": "mei@fabrikam.example"}),
            "followed thread": self.receives({"from": STRANGER, "in_reply_to": self.followed}),
            "taken out": self._taken_out(),
            "bounce of ours": self._bounce(),
        }

    def header(self, gmail_id: str, name: str) -> str:
        headers = self.company.gmail(ANA).get(f"messages/{gmail_id}")["payload"]["headers"]
        return str(next(one["value"] for one in headers if one["name"].lower() == name))

    def _followed(self) -> str:
        first = self.receives({"from": DANA, "subject": "Followed"})
        self.sync({"first": first})
        mail = opened(self.company, first, ANA)
        logging_mail.follow(self.company.deps, self.actor, opened=mail, to=Following.ON)
        return self.header(first, "message-id")

    def _sent(self) -> str:
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = ANA, DANA, "Ours"
        mail.set_content("Hello")
        raw = base64.urlsafe_b64encode(mail.as_bytes()).decode()
        sent = self.company.gmail(ANA).post("messages/send", {"raw": raw})["id"]
        self.sync({"sent": sent})
        return self.header(sent, "message-id")

    def _bounce(self) -> str:
        raw = BOUNCE.format(to=ANA, reported=self.sent, number=next(self.numbers))
        encoded = base64.b64encode(raw.encode()).decode()
        return self.receives({"raw_base64": encoded})

    def _taken_out(self) -> str:
        """Kim, who is not connected, logs it by a click and takes it out again."""
        found = copies(self.company, {"from": DANA, "to": [KIM, ANA]})
        kim, mail = self.company.actor(KIM), opened(self.company, found[KIM], KIM)
        logging_mail.log(self.company.deps, kim, opened=mail, nonce=nonce())
        logging_mail.unlog(self.company.deps, kim, opened=mail, nonce=nonce())
        return found[ANA]


def chosen(**choices: str) -> Callable[[Roads], None]:
    def choose(roads: Roads) -> None:
        for name, value in choices.items():
            settings.change_policy(
                roads.company.deps, roads.actor, name=name.replace("__", "."), value=value
            )

    return choose


def shared(roads: Roads) -> None:
    settings.mark_mailbox(
        roads.company.deps, roads.actor, mailbox_id=roads.mailbox_id, takes_in=TakesIn.EVERYTHING
    )


CHOICES: Mapping[str, Callable[[Roads], None]] = {
    "as shipped": chosen(),
    "copies decide": chosen(match__fields="from,to,cc,bcc"),
    "third parties": chosen(match__fields="from,to", match__third_party_sender="on"),
    "assigned only": chosen(match__third_party_sender="off", match__require_assignment="on"),
    "by domain": chosen(match__require_assignment="off", match__by_domain="Domain"),
    "takes in all": shared,
}


def test_three_roads_lead_to_one_decision(quiet_company: Company) -> None:
    roads, seen = Roads(quiet_company), set()
    settings.add_never_log(
        quiet_company.deps, roads.actor, kind="domain", value="fabrikam.example", scope="mine"
    )
    for choice, choose in CHOICES.items():
        choose(roads)
        mails = roads.mails()
        card = {name: roads.card(one) for name, one in mails.items()}
        click = {name: roads.click(one) for name, one in mails.items()}
        sync = roads.sync(mails)
        assert card == click == sync, choice
        seen |= {reason for _, reason in sync.values()}
    assert seen >= {
        "matched_sender",
        "matched_recipient",
        "third_party_allowed",
        "third_party_sender",
        "only_copied",
        "not_assigned",
        "matched_domain",
        "nobody_known",
        "no_account_known",
        "never_log_domain",
        "internal_only",
        "spam",
        "followed_thread",
        "bounce_of_ours",
        "shared_mailbox",
    }
