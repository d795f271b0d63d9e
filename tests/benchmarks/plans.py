"""Every list page and every hot look-up against a million rows: what each reads to answer.

Run: python -m tests.benchmarks.plans [contacts] [--messages N]. The same cases are held on a small
workspace by tests/store/test_plans.py; here they are printed, the greediest last.
"""

import argparse
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from typing import Any

from sqlalchemy.orm import Session

from backend.domain.ids import (
    AccountId,
    ContactId,
    ConversationId,
    MailboxId,
    MemberId,
    WorkspaceId,
)
from backend.domain.incoming import Where, read_incoming
from backend.domain.paging import ListQuery
from backend.domain.people.actor import Actor
from backend.domain.people.roles import Role
from backend.domain.sending.pending import PendingState
from backend.google.parsing import from_gmail_payload
from backend.local.postgres import DATABASE
from backend.queries import accounts as account_pages
from backend.queries import contacts, histories, tasks
from backend.queries.conversations.listing import conversations_page
from backend.queries.keyset import Slice
from backend.queries.panel import facts as panel
from backend.queries.panel import sight as panel_sight
from backend.queries.pending import listing as pending_mail
from backend.services.composing.writing import already_queued
from backend.store import accounts, fetching, late_matches, pending
from backend.store import contacts as contact_rows
from backend.store.migrations import upgrade
from backend.store.outbox import rows as outbox
from backend.store.sealing import KeyedHash
from backend.store.session import Store
from backend.store.statements import BoundStatement
from backend.store.tasks import TaskPlace
from tests.benchmarks import card_data, plans_data
from tests.benchmarks.card_data import Size
from tests.support.plans import Seen, seen_by, seen_in
from tests.support.servers import running_postgres

ME, BOX, WORKSPACE = MemberId(1), MailboxId(1), WorkspaceId(1)
ROBIN = Actor(
    workspace_id=WORKSPACE,
    member_id=ME,
    email="robin@ours.example",
    name="Robin Vale",
    role=Role.MEMBER,
    time_zone="UTC",
)
NOW = datetime(2031, 1, 1, tzinfo=UTC)
"""Later than every made-up moment, so that all pending mail is due."""

FEW, PAGE, SEARCH = 500, 6_000, 70_000
"""Rows that a look-up, a page with its count, and a search may read, however many there are."""

AnySlice = Slice[*tuple[Any, ...]]
Act = Callable[[Session], object]

ROBIN = Actor(
    workspace_id=WORKSPACE, member_id=ME, email="robin@ours.example", name="Robin Vale",
    role=Role.MEMBER, time_zone="UTC",
)  # fmt: skip
FEW_WAIT, MANY_WAIT = "2", "1"
"""Senders by how much pending mail they have."""


@dataclass(frozen=True)
class Case:
    """One thing that is asked, and how many rows each of its statements may read."""

    name: str
    act: Act
    most: int


def pages(
    name: str, page: Callable[[Session, ListQuery], AnySlice], sorts: tuple[str, ...]
) -> Iterator[Case]:
    """The first page of each order, and the one after the hundredth row."""

    def further(sort: str) -> Act:
        def act(session: Session) -> object:
            first = page(session, ListQuery(sort=sort, limit=100))
            return page(session, ListQuery(sort=sort, cursor=first.next_cursor))

        return act

    for sort in sorts:
        yield Case(f"{name} by {sort or 'default'}, two pages", further(sort), PAGE)


def account_page(session: Session, asked: ListQuery) -> AnySlice:
    return account_pages.accounts_page(session, asked, mine=None, now=NOW)[0]


def contact_page(session: Session, asked: ListQuery) -> AnySlice:
    return contacts.contacts_page(session, asked, account_id=None, now=NOW)[0]


def conversation_page(session: Session, asked: ListQuery) -> AnySlice:
    return conversations_page(session, asked, reader=ME, holder=None, now=NOW)[0]


def held_page(session: Session, asked: ListQuery, holder: MemberId) -> object:
    return conversations_page(session, asked, reader=ME, holder=holder, now=NOW)


def pending_page(session: Session, asked: ListQuery) -> AnySlice:
    return pending_mail.pending_page(session, asked, reader=ME, states=())


def pending_of(sender: str) -> Callable[[Session, ListQuery], AnySlice]:
    def page(session: Session, asked: ListQuery) -> AnySlice:
        return pending_page(session, replace(asked, filters={"sender": sender}))

    return page


def middle(page: Callable[[Session, ListQuery], AnySlice], sort: str, words: str) -> Act:
    return lambda session: page(session, ListQuery(sort=sort, search=words))


def filtered(page: Callable[[Session, ListQuery], AnySlice], **filters: str) -> Act:
    return lambda session: page(session, ListQuery(filters=filters))


def in_mailbox(holder: MemberId, **filters: str) -> Act:
    return lambda session: held_page(session, ListQuery(filters=filters), holder)


def task_page(session: Session, asked: ListQuery) -> AnySlice:
    return tasks.tasks_page(session, asked, reader=ME)[0]


def tasks_about(place: TaskPlace) -> Act:
    return lambda session: tasks.open_tasks(session, tasks.open_about(place))


CASES = (
    *pages("accounts", account_page, ("interaction", "reply", "name")),
    *pages("contacts", contact_page, ("interaction", "reply", "name")),
    *pages("conversations", conversation_page, ("",)),
    *pages("pending", pending_page, ("",)),
    *pages("pending of a busy sender", pending_of(MANY_WAIT), ("",)),
    Case("pending of a quiet sender", middle(pending_of(FEW_WAIT), "", ""), FEW),
    Case("a click that was queued", lambda s: already_queued(s, ROBIN, "click 77"), FEW),
    Case("conversations of an account", filtered(conversation_page, account="7"), FEW),
    *(
        Case(f"conversations by plan, {plan}", filtered(conversation_page, plan=plan), SEARCH)
        for plan in ("Growth", "Rare", "Ended", "None")
    ),
    *(
        Case(f"conversations in the mailbox of {who}", in_mailbox(MemberId(number)), SEARCH)
        for who, number in {"nearly all": 1, "few": 2, "who left": 3, "nothing": 4}.items()
    ),
    Case("waiting in the mailbox of few", in_mailbox(MemberId(2), waiting="1"), SEARCH),
    *(
        Case(f"contacts who are {kind}", filtered(contact_page, subscription=kind), PAGE)
        for kind in ("subscribed", "unsubscribed")
    ),
    Case(
        "contacts by unsubscribing", lambda s: contact_page(s, ListQuery(sort="unsubscribed")), PAGE
    ),
    Case(
        "contacts of an account",
        lambda s: contacts.contacts_page(s, ListQuery(), account_id=AccountId(7), now=NOW),
        PAGE,
    ),
    Case(
        "accounts of one owner",
        lambda s: account_pages.accounts_page(s, ListQuery(), mine=MemberId(2), now=NOW),
        PAGE,
    ),
    Case("pending mail by plan", filtered(pending_page, plan="Rare"), PAGE),
    Case("accounts by plan", lambda s: account_page(s, ListQuery(filters={"plan": "None"})), PAGE),
    Case(
        "plans of accounts",
        lambda s: s.scalars(account_pages.PLANS, {"most": account_pages.MAX_PLANS}).all(),
        FEW,
    ),
    Case("accounts searched", middle(account_page, "", "account 77"), SEARCH),
    Case("contacts searched", middle(contact_page, "", "contact 77"), SEARCH),
    Case("contacts searched by words turned round", middle(contact_page, "", "77 cóntact"), SEARCH),
    Case("subjects searched", middle(conversation_page, "", "77"), SEARCH),
    Case("subjects searched for what nearly all have", middle(conversation_page, "", "e"), SEARCH),
    Case("contacts searched by address", middle(contact_page, "name", "c77@"), SEARCH),
    Case(
        "held pending mail",
        lambda s: pending_mail.pending_page(s, ListQuery(), reader=ME, states=[PendingState.HELD]),
        PAGE,
    ),
    Case(
        "history of an account",
        lambda s: histories.account_entries(s, AccountId(7), ListQuery()),
        FEW,
    ),
    Case(
        "history of a contact",
        lambda s: histories.contact_entries(s, ContactId(7), ListQuery()),
        FEW,
    ),
    *(
        Case(f"tasks, {view or 'mine'}", filtered(task_page, view=view), PAGE)
        for view in ("", "team", "delegated", "done")
    ),
    *pages("tasks of a busy member", task_page, ("",)),
    *(
        Case(f"tasks about {name}", tasks_about(place), FEW)
        for name, place in {
            "an account": TaskPlace(account_id=AccountId(7)),
            "a contact": TaskPlace(contact_id=ContactId(7)),
            "a conversation": TaskPlace(conversation_id=ConversationId(7)),
        }.items()
    ),
    Case("names starting", lambda s: accounts.names_starting(s, "Account 77", limit=8), FEW),
    Case("account by name", lambda s: accounts.with_name(s, "ACCOUNT 77"), FEW),
    Case("accounts by domain", lambda s: accounts.with_domains(s, ["a77.example"]), FEW),
    Case("contact by address", lambda s: contact_rows.with_key(s, "c77@a78.example"), FEW),
    Case(
        "what to fetch next",
        lambda s: fetching.claim(s, BOX, ["import"], owner="me", count=25, now=NOW),
        FEW,
    ),
    Case(
        "mailboxes with mail to fetch",
        lambda s: fetching.mailboxes_with_work(s, ["import"], NOW),
        FEW,
    ),
    Case("earlier mail counted", lambda s: late_matches.left_out(s, [b"77"], ME), FEW),
    Case(
        "earlier mail fetched", lambda s: late_matches.fetch_again(s, [b"77"], NOW, reader=ME), FEW
    ),
    Case("what waits in a mailbox", lambda s: outbox.scheduled(s, BOX), PAGE),
    Case("mailboxes with due mail", lambda s: pending.mailboxes_with_due_mail(s, NOW), FEW),
)


def card(size: Size) -> Iterator[tuple[str, BoundStatement[object]]]:
    """The statements of the side panel's cards."""
    yield "card, known", panel.asked(ME, panel.Wanted(gmail_id="4d"))
    yield "card, not stored", panel.asked(ME, panel.Wanted(gmail_id="none"))
    key = f"c77@a{1 + 77 % size.numbers['accounts']}.example"
    yield "card, somebody known", panel_sight.asked(open_mail(key))
    yield "card, a stranger", panel_sight.asked(open_mail("lee@a77.example"))
    yield "card, why not written to", panel.STOPPED.bind(hashed=b"none")


def open_mail(sender: str) -> panel_sight.OpenMail:
    """A mail that nobody has, from this address."""
    where = Where(
        workspace_id=WORKSPACE,
        mailbox_id=BOX,
        path="card",
        now=NOW,
        hashed=partial(KeyedHash(lambda: b"a key of plans").of, WORKSPACE),
        member=ME,
    )
    fields = {"From": sender, "To": ROBIN.email, "Message-ID": "<none@x>"}
    mail = {
        "id": "none",
        "threadId": "none",
        "internalDate": "1767700000000",
        "payload": {"headers": [{"name": name, "value": said} for name, said in fields.items()]},
    }
    return panel_sight.OpenMail(
        where=where,
        incoming=read_incoming(where, from_gmail_payload(mail)),
        domains=["a77.example"],
        hashes=[b"77", b"none"],
    )


def seen(store: Store, size: Size) -> Iterator[tuple[str, int, Seen]]:
    """Every statement of every case: the case, the most it may read, and what it reads."""
    for name, asked in card(size):
        with store.begin(WORKSPACE) as session:
            yield name, FEW, seen_in(session, asked)
    for case in CASES:
        with store.begin(WORKSPACE) as session:
            for one in seen_by(session, case.act):
                yield case.name, case.most, one


def load(super_url: str, size: Size) -> None:
    """The card's workspace, and what plans are judged by besides."""
    card_data.load(super_url, size, (*card_data.STATEMENTS, *plans_data.STATEMENTS))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("contacts", nargs="?", type=int, default=1_000_000)
    parser.add_argument("--messages", type=int, default=1_000_000)
    given = parser.parse_args()
    size = Size(given.contacts, given.messages)
    with running_postgres() as postgres:
        upgrade(postgres.owner_url())
        load(postgres.superuser_url(DATABASE), size)
        report(Store.connect(postgres.app_url()), size)


def report(store: Store, size: Size) -> None:
    """Print what each statement reads."""
    found = sorted(seen(store, size), key=lambda one: one[2].rows)
    for name, most, one in found:
        bad = f"TOO MUCH (<={most})" if one.rows > most else ""
        print(f"{one.rows:9,} rows {one.pages:8,} pages  {name:32} {bad}")


if __name__ == "__main__":
    main()
