"""Edits of accounts and contacts: locks the record, and lists the edits."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, aliased

from backend.domain.ids import AccountId, ContactId
from backend.domain.people.actor import Actor
from backend.store.models import Account, Contact, RecordEdit, TeamMember

SHOWN = 50
"""Edits of one record shown on its page."""


@dataclass(frozen=True, kw_only=True)
class Subject:
    """The record that is edited: an account or a contact."""

    account_id: AccountId | None = None
    contact_id: ContactId | None = None

    def __str__(self) -> str:
        """The subject's name in the audit log."""
        if self.account_id is not None:
            return f"account:{self.account_id}"
        return f"contact:{self.contact_id}"


@dataclass(frozen=True)
class Made:
    """An edit with the names of who made it and who undid it."""

    row: RecordEdit
    made_by: str | None
    undone_by: str | None


def account(session: Session, account_id: AccountId) -> Account | None:
    """The account, locked until the end of the transaction and read after concurrent edits."""
    return session.get(Account, account_id, with_for_update=True, populate_existing=True)


def contact(session: Session, contact_id: ContactId) -> Contact | None:
    """The contact, likewise."""
    return session.get(Contact, contact_id, with_for_update=True, populate_existing=True)


def add(
    session: Session,
    actor: Actor,
    subject: Subject,
    changed: Mapping[str, list[str]],
    now: datetime,
) -> int:
    """Insert an edit. Returns its id."""
    row = RecordEdit(
        workspace_id=actor.workspace_id,
        account_id=subject.account_id,
        contact_id=subject.contact_id,
        changed=dict(changed),
        made_by=actor.member_id,
        made_at=now,
    )
    session.add(row)
    session.flush()
    return row.id


def made(session: Session, subject: Subject) -> Sequence[Made]:
    """The newest edits of a record."""
    maker, undoer = aliased(TeamMember), aliased(TeamMember)
    query = (
        select(RecordEdit, maker.name, undoer.name)
        .outerjoin(maker, maker.id == RecordEdit.made_by)
        .outerjoin(undoer, undoer.id == RecordEdit.undone_by)
        .where(_about(subject))
        .order_by(RecordEdit.id.desc())
        .limit(SHOWN)
    )
    return [Made(*row) for row in session.execute(query)]


def edit(session: Session, edit_id: int) -> RecordEdit | None:
    """One edit."""
    return session.get(RecordEdit, edit_id)


def _about(subject: Subject) -> ColumnElement[bool]:
    if subject.account_id is not None:
        return RecordEdit.account_id == subject.account_id
    return RecordEdit.contact_id == subject.contact_id
