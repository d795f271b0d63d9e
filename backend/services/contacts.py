"""Contacts edited by hand, with their addresses and accounts: edited, archived, deleted; each edit
is recorded and can be undone. New ones are made by `creating_contacts`.

Addresses and accounts are each one field of several lines, so that every way of editing them is
merged, recorded and undone like any other field.
"""

from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy.orm import Session

from backend.deps import Deps
from backend.domain.customers import edits as reading
from backend.domain.customers.edits import Typed, Unusable
from backend.domain.ids import AccountId, ContactId
from backend.domain.mail.address import address_key, is_valid_address
from backend.domain.paging import whole_id
from backend.domain.people.actor import Actor
from backend.domain.people.roles import Permission
from backend.domain.summaries.edits import EditLine, FormField, Kind
from backend.errors import InputError, NotFound, SettledAlready
from backend.services import editing
from backend.services.capture.opened import own_mailbox
from backend.services.creating_contacts import require_allowed
from backend.services.editing import Field, member_or_none
from backend.services.late_matching import bring_along
from backend.services.settings.rights import require
from backend.store import accounts, audit, contacts, edits
from backend.store.edits import Subject
from backend.store.models import Contact
from backend.store.workspace_rules import rules_for

GONE = "There is no such contact. They may have been merged or erased."
MOST_ADDRESSES, MOST_ACCOUNTS = 20, 50


def edit(deps: Deps, actor: Actor, contact_id: ContactId, typed: Mapping[str, Typed]) -> int | None:
    """Save a form. Returns the id of the edit, None when nothing changed. Raises InputError and
    EditClash with a sentence for each field.
    """
    require(actor, Permission.CONTACT_EDIT, own=True)
    with deps.store.begin(actor.workspace_id) as session:
        row = _locked(session, contact_id)
        return _save(deps, session, actor, row, typed)


def add_address(deps: Deps, actor: Actor, contact_id: ContactId, *, address: str) -> int | None:
    """Add an address. Its mail is captured from now on, and earlier mail is offered, or captured as
    well where the workspace has chosen so.
    """
    require(actor, Permission.CONTACT_EDIT, own=True)
    address, key = address.strip(), address_key(address)
    if not key or not is_valid_address(address):
        sentence = f"{address or 'Nothing'} is not a usable email address. Correct it."
        raise InputError(sentence, {"address": sentence})
    with deps.store.begin(actor.workspace_id) as session:
        row = _locked(session, contact_id)
        contacts.lock_address(session, actor, key)
        _require_free(session, key, contact_id)
        rules = rules_for(session, own_mailbox(deps, session, actor))
        try:
            require_allowed(session, key, None, rules)
        except InputError as error:
            raise InputError(error.sentence, {"address": error.sentence}) from error
        lines = contacts.address_lines(session, contact_id)
        made = _save_lines(deps, session, actor, row, "addresses", [*lines, address])
        bring_along(session, deps, actor, contact_id, asked=False)
        return made


def change_addresses(
    deps: Deps, actor: Actor, contact_id: ContactId, *, remove: str = "", primary: str = ""
) -> int | None:
    """Remove an address, or make another one primary."""
    require(actor, Permission.CONTACT_EDIT, own=True)
    with deps.store.begin(actor.workspace_id) as session:
        row = _locked(session, contact_id)
        lines = [one for one in contacts.address_lines(session, contact_id) if one != remove]
        if primary in lines:
            lines = [primary, *(one for one in lines if one != primary)]
        return _save_lines(deps, session, actor, row, "addresses", lines)


def join_account(
    deps: Deps, actor: Actor, contact_id: ContactId, *, account: str, role: str
) -> int | None:
    """Add the contact to the account of this name, with their role there."""
    require(actor, Permission.CONTACT_EDIT, own=True)
    with deps.store.begin(actor.workspace_id) as session:
        row = _locked(session, contact_id)
        account_id = accounts.with_name(session, " ".join(account.split()))
        if account_id is None:
            sentence = "There is no account of this name. Write it as it is, or add it first."
            raise InputError(sentence, {"account": sentence})
        there = contacts.memberships(session, contact_id)
        lines = _account_lines({**there, account_id: _role(role)})
        return _save_lines(deps, session, actor, row, "accounts", lines)


def leave_account(
    deps: Deps, actor: Actor, contact_id: ContactId, account_id: AccountId
) -> int | None:
    """Remove the contact from the account."""
    require(actor, Permission.CONTACT_EDIT, own=True)
    with deps.store.begin(actor.workspace_id) as session:
        row = _locked(session, contact_id)
        there = contacts.memberships(session, contact_id)
        lines = _account_lines({one: role for one, role in there.items() if one != account_id})
        return _save_lines(deps, session, actor, row, "accounts", lines)


def undo(deps: Deps, actor: Actor, edit_id: int) -> ContactId:
    """Undo one edit. Returns its contact. Raises NotFound, and Conflict when it changed since."""
    require(actor, Permission.CONTACT_EDIT, own=True)
    with deps.store.begin(actor.workspace_id) as session:
        made = edits.edit(session, edit_id)
        if made is None or made.contact_id is None:
            raise NotFound("There is no such change.")
        row = _locked(session, made.contact_id)
        session.refresh(made)
        fields = _fields(deps, session, actor, row)
        editing.undo(session, actor, made, _subject(row.id), fields, deps.now())
        return row.id


def form(deps: Deps, actor: Actor, contact_id: ContactId) -> tuple[FormField, ...]:
    """Every field with what it says now."""
    with deps.store.begin(actor.workspace_id) as session:
        return tuple(one.form() for one in _fields(deps, session, actor, _row(session, contact_id)))


def changes(deps: Deps, actor: Actor, contact_id: ContactId) -> tuple[EditLine, ...]:
    """What was changed by hand, the newest first."""
    with deps.store.begin(actor.workspace_id) as session:
        fields = _fields(deps, session, actor, _row(session, contact_id))
        return editing.lines(edits.made(session, _subject(contact_id)), fields)


def name_and_mail(deps: Deps, actor: Actor, contact_id: ContactId) -> tuple[str, int]:
    """The name of a contact who may be deleted, and the number of their conversations."""
    require(actor, Permission.RECORD_DELETE)
    with deps.store.begin(actor.workspace_id) as session:
        name = _row(session, contact_id).name
        return name, contacts.conversation_count(session, contact_id)


def delete(deps: Deps, actor: Actor, contact_id: ContactId) -> str:
    """Permanently delete a contact; their mail stays. Returns their name."""
    require(actor, Permission.RECORD_DELETE)
    with deps.store.begin(actor.workspace_id) as session:
        row = edits.contact(session, contact_id)
        if row is None:
            raise SettledAlready("This contact is not there any more.", gone=True)
        name = row.name
        session.delete(row)
        audit.note(session, actor, "contact.deleted", f"contact:{contact_id}", now=deps.now())
    return name


def _fields(deps: Deps, session: Session, actor: Actor, row: Contact) -> list[Field]:
    today = deps.now().date()
    return [
        Field(
            name="name",
            label="Name",
            now=row.name,
            read=reading.read_name,
            write=lambda value: setattr(row, "name", value),
        ),
        Field(
            name="title",
            label="Title",
            now=row.title or "",
            read=reading.read_words,
            write=lambda value: setattr(row, "title", value or None),
        ),
        Field(
            name="phone",
            label="Phone",
            now=row.phone or "",
            read=reading.read_phone,
            write=lambda value: setattr(row, "phone", value or None),
            kind=Kind.PHONE,
            hint="With the country code, such as +44 20 7946 0000.",
        ),
        Field(
            name="assigned_to",
            label="Assigned to",
            now=str(row.assigned_to or ""),
            read=editing.read_colleague(session),
            write=lambda value: setattr(row, "assigned_to", member_or_none(value)),
            kind=Kind.CHOICE,
            options=editing.colleagues(session),
        ),
        Field(
            name="is_admin",
            label="Is an admin of your product",
            now=reading.YES if row.is_admin else "",
            read=reading.read_yes,
            write=lambda value: setattr(row, "is_admin", bool(value)),
            kind=Kind.TICK,
        ),
        Field(
            name="last_login_on",
            label="Last login",
            now=row.last_login_on.isoformat() if row.last_login_on else "",
            read=lambda text: reading.read_past_date(text, today),
            write=lambda value: setattr(
                row, "last_login_on", date.fromisoformat(value) if value else None
            ),
            kind=Kind.DATE,
            hint="When they last signed in to your product.",
        ),
        _addresses(session, actor, row),
        _accounts(deps, session, actor, row),
        Field(
            name="archived",
            label="Archived",
            now=reading.YES if row.archived_at else "",
            read=reading.read_yes,
            write=lambda value: setattr(row, "archived_at", deps.now() if value else None),
            kind=Kind.HIDDEN,
        ),
    ]


def _addresses(session: Session, actor: Actor, row: Contact) -> Field:
    """The addresses, one per line, the primary one first."""

    def read(text: str) -> str:
        lines = text.splitlines()
        if len(lines) > MOST_ADDRESSES:
            raise Unusable(f"A contact has {MOST_ADDRESSES} addresses at most.")
        for one in lines:
            _require_free(session, address_key(one), row.id)
        return "\n".join({address_key(one): one for one in lines}.values())

    return Field(
        name="addresses",
        label="Addresses",
        now="\n".join(contacts.address_lines(session, row.id)),
        read=read,
        write=lambda value: contacts.put_addresses(session, actor, row.id, value.splitlines()),
        kind=Kind.HIDDEN,
    )


def _accounts(deps: Deps, session: Session, actor: Actor, row: Contact) -> Field:
    """The accounts by id, one per line, each with the contact's role there."""
    there = contacts.memberships(session, row.id)

    def read(text: str) -> str:
        wanted = _memberships(text)
        if len(wanted) > MOST_ACCOUNTS:
            raise Unusable(f"A contact belongs to {MOST_ACCOUNTS} accounts at most.")
        if any(not accounts.exists(session, one) for one in wanted):
            raise Unusable("This account is no longer there.")
        return "\n".join(_account_lines(wanted))

    def show(value: str) -> str:
        wanted = _memberships(value)
        names = accounts.names(session, wanted)
        return ", ".join(
            f"{names.get(one, 'a deleted account')}{f' ({role})' if role else ''}"
            for one, role in wanted.items()
        )

    return Field(
        name="accounts",
        label="Accounts",
        now="\n".join(_account_lines(there)),
        read=read,
        write=lambda value: contacts.put_memberships(
            session, actor, row.id, _memberships(value), deps.now()
        ),
        words=show,
        kind=Kind.HIDDEN,
    )


def _save(
    deps: Deps, session: Session, actor: Actor, row: Contact, typed: Mapping[str, Typed]
) -> int | None:
    fields = _fields(deps, session, actor, row)
    return editing.save(session, actor, _subject(row.id), fields, typed, deps.now())


def _save_lines(
    deps: Deps, session: Session, actor: Actor, row: Contact, name: str, lines: Sequence[str]
) -> int | None:
    """Save a field of several lines, which was read under the lock."""
    fields = _fields(deps, session, actor, row)
    now = next(one.now for one in fields if one.name == name)
    typed = {name: Typed("\n".join(lines), now)}
    return editing.save(session, actor, _subject(row.id), fields, typed, deps.now())


def _require_free(session: Session, key: str, contact_id: ContactId) -> None:
    holder = contacts.with_key(session, key)
    if holder is None or holder == contact_id or key in contacts.keys_of(session, contact_id):
        return
    name = contacts.named(session, [holder])[holder].name
    sentence = f"{name} has this address. If it is not theirs, remove it there first."
    raise InputError(sentence, {"address": sentence})


def _role(text: str) -> str:
    try:
        return reading.read_words(text)
    except Unusable as error:
        raise InputError(str(error), {"role": str(error)}) from error


def _account_lines(there: Mapping[AccountId, str]) -> list[str]:
    return [f"{one} {there[one]}".strip() for one in sorted(there)]


def _memberships(text: str) -> dict[AccountId, str]:
    """The roles by account. A line that names no account, which nobody typed, counts as account 0:
    there is none.
    """
    lines = (line.partition(" ") for line in text.splitlines())
    return {AccountId(whole_id(one) or 0): role for one, _, role in lines}


def _locked(session: Session, contact_id: ContactId) -> Contact:
    row = edits.contact(session, contact_id)
    if row is None:
        raise NotFound(GONE)
    return row


def _row(session: Session, contact_id: ContactId) -> Contact:
    row = session.get(Contact, contact_id)
    if row is None:
        raise NotFound(GONE)
    return row


def _subject(contact_id: ContactId) -> Subject:
    return Subject(contact_id=contact_id)
