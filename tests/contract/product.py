"""The product from outside: incoming mail, Gmail's notifications, the clock, the command line.

Every word here is one of its users'; the database is never read. Jobs run in this process, as a
worker would run them.
"""

import itertools
from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zoneinfo import ZoneInfo

import orjson
import requests
from click.testing import CliRunner, Result
from flask import Flask, Response, request
from selectolax.lexbor import LexborHTMLParser

from backend.cli.group import rapport
from tests.addon.panel import Panel
from tests.console.conftest import at
from tests.contract.member import Member
from tests.support.company import ANA, ROBIN, Company, GmailAccount
from tests.support.processes import eventually
from tests.support.serving import serving

_numbers = itertools.count(1)


@dataclass
class Clock:
    """The product's clock, which a test may set ahead."""

    real: Callable[[], datetime]
    ahead: timedelta = timedelta()

    def __call__(self) -> datetime:
        return self.real() + self.ahead


@dataclass(frozen=True)
class Customer:
    """A contact of an account that nobody else uses."""

    name: str
    address: str
    account: str

    @property
    def domain(self) -> str:
        return self.address.partition("@")[2]

    def __str__(self) -> str:
        return f"{self.name} <{self.address}>"


@dataclass(frozen=True)
class Mail:
    """A mail that came in: its id in each mailbox it reached."""

    subject: str
    message_id: str
    copies: Mapping[str, str]


@dataclass
class Product:
    """One installation with the example company in it."""

    company: Company
    app: Flask
    clock: Clock
    url: str
    environment: Mapping[str, str]
    members: dict[str, Member] = field(default_factory=dict)
    accounts: dict[str, GmailAccount] = field(default_factory=dict)
    rows_of_policies: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    strangers: list[list[Customer]] = field(default_factory=list)

    def member(self, email: str) -> Member:
        """Somebody of the team, signed in by way of Google."""
        if email not in self.members:
            browser = Member(self.app.test_client(), self.company, self, email)
            browser.sign_in(email)
            self.members[email] = browser
        return self.members[email]

    def newcomer(self, role: str = "member", name: str = "") -> Member:
        """Somebody who was invited by an admin and has joined."""
        name = name or f"Member {next(_numbers)}"
        email = f"{name.lower().replace(' ', '.')}@lumenworks.example"
        self.google_has(email, name)
        form = {"name": name, "email": email, "role": role}
        at(self.member(ANA).post("/settings/team", **form))
        one = self.visitor(email)
        one.arrive(email)
        (offer,) = LexborHTMLParser(one.html("/workspaces")).css("form[action$=acceptance]")
        one.press(str(offer.attributes["action"]))
        self.members[email] = one
        return one

    def founder(self, workspace: str) -> Member:
        """The admin of a further workspace of this installation, with Gmail switched on."""
        email = f"founder@{workspace.lower()}.example"
        self.google_has(email, "Olga Stein")
        done = self.command("create-workspace", "--name", workspace, "--admin", email)
        assert done.exit_code == 0, done.output
        one = self.visitor(email)
        one.sign_in(email)
        one.sends("/settings/integrations/gmail", switch="on")
        return one

    def google_has(self, email: str, name: str) -> None:
        """There is such a Google account, with a mailbox."""
        person = {"email": email, "name": name, "role": "team"}
        self.company.simulator.post("/simulator/people", person)

    def visitor(self, email: str = "") -> Member:
        """A browser nobody has signed in with."""
        return Member(self.app.test_client(), self.company, self, email)

    @cached_property
    def panel(self) -> Panel:
        """Gmail's side panel of any member."""
        return Panel(self.company, self.url)

    def gmail(self, email: str = ROBIN) -> GmailAccount:
        """The member's own Gmail in another window."""
        if email not in self.accounts:
            self.accounts[email] = self.company.gmail(email)
        return self.accounts[email]

    # Customers

    def customer(self, **columns: str) -> Customer:
        """A new contact at an account of its own, from a list that an admin imports."""
        return self.customers(1, **columns)[0]

    def customers(self, number: int, **columns: str) -> list[Customer]:
        """Up to three contacts of one new account; `columns` are further ones of the list."""
        if columns:
            return self._listed(1, **columns)[0][:number]
        if not self.strangers:
            self.strangers = self._listed(14)
        return self.strangers.pop(0)[:number]

    def _listed(self, accounts: int, **columns: str) -> list[list[Customer]]:
        """The people of so many accounts, from one list."""
        found = [_people_of(f"Customer {next(_numbers)}") for _ in range(accounts)]
        head = ",".join(["Name", "Email", "Account", "Domain", *columns])
        lines = [
            ",".join([one.name, one.address, one.account, one.domain, *columns.values()])
            for people in found
            for one in people
        ]
        done = self.import_csv("\n".join([head, *lines, ""]))
        assert done.exit_code == 0, done.output
        return found

    def import_csv(self, content: str, *options: str, as_whom: str = ROBIN) -> Result:
        """`rapport import-csv` with this list."""
        with TemporaryDirectory() as folder:
            file = Path(folder, "customers.csv")
            file.write_text(content, encoding="utf-8")
            return self.command("import-csv", "--as", as_whom, *options, str(file))

    def command(self, *words: str) -> Result:
        """A command of `rapport`, as an operator types it."""
        return CliRunner().invoke(rapport, words, env=dict(self.environment))

    # Mail in

    def mail(self, sender: object, *to: str, subject: str = "", **more: Any) -> Mail:
        """A message from somebody outside to these people; Gmail has it, we were not notified
        yet.
        """
        subject = subject or f"Subject {next(_numbers)}"
        body = {"from": str(sender), "to": list(to or (ROBIN,)), "subject": subject, **more}
        body = {"text": "Let us talk about it next week.", **body}
        answer = self.company.simulator.post("/simulator/mail", body).json()
        copies = {str(one["mailbox"]): str(one["id"]) for one in answer["copies"]}
        return Mail(subject, str(answer["message_id"]), copies)

    def receives(self, sender: object, *to: str, subject: str = "", **more: Any) -> Mail:
        """The same, and Gmail notified us."""
        mail = self.mail(sender, *to, subject=subject, **more)
        self.notified(*mail.copies)
        return mail

    def apps(self, email: str) -> Mapping[str, list[str]]:
        """The apps with access, as the person's own page at Google lists them."""
        url = f"{self.company.simulator.root}/simulator/apps"
        return dict(requests.get(url, params={"email": email}, timeout=20).json()["apps"])

    def departures(self, pending: str) -> list[Mapping[str, Any]]:
        """How often a pending mail really left, and to whom, as Gmail knows it."""
        url = f"{self.company.simulator.root}/simulator/deliveries"
        query = {"send_id": pending.rpartition("/")[2]}
        return list(requests.get(url, params=query, timeout=20).json()["sends"])

    def recipients(self, pending: str) -> list[str]:
        """To whom it left, once."""
        (departure,) = self.departures(pending)
        return list(departure["recipients"])

    def told_of(self, subject: str, copies: Mapping[str, str]) -> Mail:
        """Gmail tells us of a mail that somebody wrote there."""
        ((email, gmail_id),) = copies.items()
        names = {"format": "metadata", "metadataHeaders": "Message-Id"}
        (header,) = self.gmail(email).get(f"messages/{gmail_id}", **names)["payload"]["headers"]
        self.notified(email)
        return Mail(subject, str(header["value"]).strip("<>"), copies)

    def answers(self, sender: object, mail: Mail, *to: str, **more: Any) -> Mail:
        """Somebody answers a mail, to the mailbox that has it."""
        told = {"in_reply_to": [f"<{mail.message_id}>"], "subject": f"Re: {mail.subject}", **more}
        return self.receives(sender, *(to or tuple(mail.copies)), **told)

    def notified(self, *mailboxes: str) -> None:
        """Gmail's push notification for each of these mailboxes, and what follows from it."""
        for email in mailboxes or (ROBIN,):
            history = str(self.gmail(email).get("profile")["historyId"])
            told = b64encode(orjson.dumps({"emailAddress": email, "historyId": history})).decode()
            answer = self.app.test_client().post(
                "/hooks/gmail-push",
                json={"message": {"data": told, "messageId": "1"}, "subscription": "s"},
                headers={"Authorization": f"Bearer {self.push_token}"},
            )
            assert answer.status_code == 204, answer.get_data(as_text=True)
        self.company.work()

    @cached_property
    def push_token(self) -> str:
        """The token that a real delivery carried."""
        self.member(ROBIN).at_work()
        seen: list[str] = []
        app, simulator = Flask("recorder"), self.company.simulator
        audience = str(self.company.settings.push_audience)

        @app.post("/")
        def receive() -> Response:
            seen.append(request.headers["Authorization"].removeprefix("Bearer "))
            return Response(status=204)

        with serving(app) as root:
            simulator.aim_push(f"{root}/", audience)
            self.mail("Nobody <nobody@outside.example>")
            assert eventually(lambda: bool(seen))
            simulator.aim_push(None)
        return seen[-1]

    # Time

    def works(self) -> None:
        """What is asked for is done."""
        self.company.work()

    def waits(self, **span: float) -> None:
        """Time passes, and the schedule does what has come due meanwhile."""
        self.clock.ahead += timedelta(**span)
        self.company.sweep()

    def waits_until(self, moment: datetime) -> None:
        """The same, until a moment."""
        self.waits(seconds=(moment - self.clock()).total_seconds())

    def ahead(self, **span: float) -> str:
        """A moment as it is typed into a form by somebody in UTC."""
        return f"{self.clock() + timedelta(**span):%Y-%m-%dT%H:%M}"

    def next_day(self, weekday: int, at: time, zone: ZoneInfo) -> datetime:
        """The next such day (0 is Monday) at this time there, a day from now at least."""
        here = self.clock().astimezone(zone) + timedelta(days=1)
        day = here.date() + timedelta(days=(weekday - here.weekday()) % 7)
        return datetime.combine(day, at, zone)


def _people_of(account: str) -> list[Customer]:
    serial = account.rpartition(" ")[2]
    people = ((f"Pat Poe {serial}-{n}", f"pat{n}@customer{serial}.example") for n in range(3))
    return [Customer(name, address, account) for name, address in people]
