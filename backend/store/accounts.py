"""Accounts by domain and by name, and new ones. Lists of them are in `queries/accounts`."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import func, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from backend.domain.ids import AccountId, ConversationId
from backend.domain.people.actor import Actor
from backend.domain.people.suggestions import AccountHint
from backend.domain.summaries.people import AccountLine
from backend.store.like import key_starts_with
from backend.store.models import Account, AccountTraitDomain, ConversationAccount

LOCK = text("SELECT pg_advisory_xact_lock(4713, hashtext(:workspace_id || ' ' || :name))")
"""Creating an account of this name holds this lock until the end of the transaction."""

HINTS = 10
BY_KEY = text("accounts.name_key USING ~<~")
"""The order of the index that finds the names; any other would read all matches."""


def with_domains(session: Session, domains: Sequence[str]) -> list[AccountHint]:
    """Accounts with one of these mail domains, the longest (most specific) domain first."""
    query = (
        select(Account.id, Account.name, Account.domain)
        .where(Account.domain.in_(domains))
        .order_by(func.length(Account.domain).desc(), Account.id)
        .limit(HINTS)
    )
    rows = session.execute(query)
    return [AccountHint(one, name, domain or "") for one, name, domain in rows]


def names_starting(session: Session, start: str, *, limit: int) -> list[str]:
    """Names of accounts that begin like this, in order."""
    key = Account.name_key
    query = select(Account.name).where(key_starts_with(key, start)).order_by(BY_KEY).limit(limit)
    return list(session.scalars(query))


def of_conversation(session: Session, conversation_id: ConversationId) -> AccountLine | None:
    """The first account that a conversation is filed under."""
    query = (
        select(Account.id, Account.name)
        .join(ConversationAccount, ConversationAccount.account_id == Account.id)
        .where(ConversationAccount.conversation_id == conversation_id)
        .order_by(Account.id)
        .limit(1)
    )
    found = session.execute(query).first()
    return AccountLine(id=found[0], name=found[1]) if found else None


def domains_of_conversation(
    session: Session, conversation_id: ConversationId
) -> tuple[tuple[str, ...], frozenset[str]]:
    """The names of the accounts that a conversation is filed under, and all their mail domains.

    An account that is there only because of Reply-To counts only when there is no other: it must
    not vouch for itself.
    """
    here = ConversationAccount.conversation_id == conversation_id
    answered = ConversationAccount.because_role == "reply_to"
    found = session.execute(
        select(Account.name, Account.domain, AccountTraitDomain.domain, answered)
        .join(ConversationAccount, ConversationAccount.account_id == Account.id)
        .outerjoin(AccountTraitDomain, AccountTraitDomain.account_id == Account.id)
        .where(here)
        .order_by(Account.id)
    ).all()
    rows = [row for row in found if not row[3]] or found
    names = tuple(dict.fromkeys(row[0] for row in rows))
    return names, frozenset(domain for row in rows for domain in row[1:3] if domain)


def get(session: Session, account_id: AccountId) -> Account | None:
    """One account of the session's workspace."""
    return session.get(Account, account_id)


def exists(session: Session, account_id: AccountId) -> bool:
    """Whether the workspace has this account."""
    return session.scalar(select(Account.id).where(Account.id == account_id)) is not None


def names(session: Session, account_ids: Iterable[AccountId]) -> Mapping[AccountId, str]:
    """The names of a few accounts."""
    query = select(Account.id, Account.name).where(Account.id.in_(list(account_ids)))
    return dict(session.execute(query).all())


def conversation_count(session: Session, account_id: AccountId) -> int:
    """How many conversations are filed under an account."""
    query = select(func.count()).where(ConversationAccount.account_id == account_id)
    return session.scalar(query) or 0


def lock_name(session: Session, actor: Actor, name: str) -> None:
    """Wait until nobody else is creating an account of this name."""
    session.execute(LOCK, {"workspace_id": str(actor.workspace_id), "name": name.lower()})


def with_name(session: Session, name: str) -> AccountId | None:
    """The account of this name, in any case; the oldest of several."""
    query = (
        select(Account.id).where(Account.name_key == func.lower(name)).order_by(Account.id).limit(1)
    )
    return session.scalar(query)


def add(
    session: Session, actor: Actor, *, name: str, domain: str | None, now: datetime
) -> AccountId:
    """Insert an account."""
    query = (
        insert(Account)
        .values(workspace_id=actor.workspace_id, name=name, domain=domain, created_at=now)
        .returning(Account.id)
    )
    return session.execute(query).scalar_one()
