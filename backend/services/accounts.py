"""Accounts edited by hand: created, edited, archived, deleted; each edit is recorded and can be
undone.

`_fields` lists the fields once, for form, save, undo and the list of changes.
"""

from collections.abc import Callable, Mapping
from datetime import date

from sqlalchemy.orm import Session

from backend.deps import Deps
from backend.domain.customers import edits as reading
from backend.domain.customers.account_traits import DOMAIN
from backend.domain.customers.edits import Typed, Unusable
from backend.domain.ids import AccountId, ContactId
from backend.domain.mail.domains import domain_in
from backend.domain.people.actor import Actor
from backend.domain.people.roles import Permission
from backend.domain.summaries.edits import EditLine, FormField, Kind
from backend.errors import InputError, NotFound, SettledAlready
from backend.services import editing
from backend.services.editing import Field, member_or_none, read_or_note
from backend.services.settings.account_traits import unusable, unusable_domain
from backend.services.settings.rights import require
from backend.store import account_traits, accounts, audit, clicks, contacts, edits
from backend.store.account_traits import Said
from backend.store.edits import Subject
from backend.store.models import Account
from backend.store.workspace_rules import policies, team

GONE = "There is no such account. It may have been merged or deleted."
WHY_HEALTH = "Say why the health is set to this: a few words for your colleagues."
ALREADY = "An account of this name is there already. Open it, or choose another name."


def create(
    deps: Deps, actor: Actor, *, name: str, domain: str, anyway: bool, nonce: str
) -> AccountId:
    """Create an account, once for a nonce. Raises InputError, also for a name or domain that
    another account has, unless `anyway`.
    """
    require(actor, Permission.ACCOUNT_EDIT, own=True)
    with deps.store.begin(actor.workspace_id) as session:
        wrong: dict[str, str] = {}
        kept = read_or_note(reading.read_name, name, "name", wrong)
        if nonce and not clicks.is_first(session, actor, nonce, action="account", now=deps.now()):
            there = accounts.with_name(session, kept)
            if there is not None:
                return there
        at = read_or_note(_domain_reader(session), domain, "domain", wrong)
        if kept and not wrong:
            accounts.lock_name(session, actor, kept)
        if not wrong and not anyway:
            wrong = _taken(session, kept, at)
        if wrong:
            raise InputError(" ".join(wrong.values()), wrong)
        account_id = accounts.add(session, actor, name=kept, domain=at or None, now=deps.now())
        audit.note(session, actor, "account.created", f"account:{account_id}", now=deps.now())
    return account_id


def edit(deps: Deps, actor: Actor, account_id: AccountId, typed: Mapping[str, Typed]) -> int | None:
    """Save a form. Returns the id of the edit, None when nothing changed. Raises InputError and
    EditClash with a sentence for each field.
    """
    require(actor, Permission.ACCOUNT_EDIT, own=True)
    with deps.store.begin(actor.workspace_id) as session:
        row = _locked(session, account_id)
        before = (row.health, row.health_reason)
        fields = _fields(deps, session, actor, row)
        made = editing.save(session, actor, _subject(account_id), fields, typed, deps.now())
        if row.health not in (None, before[0]) and row.health_reason in (None, before[1]):
            raise InputError(WHY_HEALTH, {"health_reason": WHY_HEALTH})
        return made


def undo(deps: Deps, actor: Actor, edit_id: int) -> AccountId:
    """Undo one edit. Returns its account. Raises NotFound, and Conflict when it changed since."""
    require(actor, Permission.ACCOUNT_EDIT, own=True)
    with deps.store.begin(actor.workspace_id) as session:
        made = edits.edit(session, edit_id)
        if made is None or made.account_id is None:
            raise NotFound("There is no such change.")
        row = _locked(session, made.account_id)
        session.refresh(made)
        fields = _fields(deps, session, actor, row)
        editing.undo(session, actor, made, _subject(row.id), fields, deps.now())
        return row.id


def form(deps: Deps, actor: Actor, account_id: AccountId) -> tuple[FormField, ...]:
    """Every field with what it says now."""
    with deps.store.begin(actor.workspace_id) as session:
        return tuple(one.form() for one in _fields(deps, session, actor, _row(session, account_id)))


def changes(deps: Deps, actor: Actor, account_id: AccountId) -> tuple[EditLine, ...]:
    """What was changed by hand, the newest first."""
    with deps.store.begin(actor.workspace_id) as session:
        fields = _fields(deps, session, actor, _row(session, account_id))
        return editing.lines(edits.made(session, _subject(account_id)), fields)


def account_and_mail(deps: Deps, actor: Actor, account_id: AccountId) -> tuple[str, int]:
    """The name of an account that may be deleted, and the number of its conversations."""
    require(actor, Permission.RECORD_DELETE)
    with deps.store.begin(actor.workspace_id) as session:
        name = _row(session, account_id).name
        return name, accounts.conversation_count(session, account_id)


def delete(deps: Deps, actor: Actor, account_id: AccountId) -> str:
    """Permanently delete an account; its mail and people stay. Returns its name."""
    require(actor, Permission.RECORD_DELETE)
    with deps.store.begin(actor.workspace_id) as session:
        row = edits.account(session, account_id)
        if row is None:
            raise SettledAlready("This account is not there any more.", gone=True)
        name = row.name
        session.delete(row)
        audit.note(session, actor, "account.deleted", f"account:{account_id}", now=deps.now())
    return name


def _fields(deps: Deps, session: Session, actor: Actor, row: Account) -> list[Field]:
    members, colleague = editing.colleagues(session), editing.read_colleague(session)
    people = _people(session, row)
    return [
        Field(
            name="name",
            label="Name",
            now=row.name,
            read=reading.read_name,
            write=lambda value: setattr(row, "name", value),
        ),
        Field(
            name="domain",
            label="Domain",
            now=row.domain or "",
            read=_domain_reader(session),
            write=lambda value: setattr(row, "domain", value or None),
            hint=_domain_hint(session),
        ),
        Field(
            name="plan",
            label="Account type",
            now=row.plan or "",
            read=reading.read_words,
            write=lambda value: setattr(row, "plan", value or None),
        ),
        Field(
            name="csm",
            label="CSM",
            now=str(row.csm_id or ""),
            read=colleague,
            write=lambda value: setattr(row, "csm_id", member_or_none(value)),
            kind=Kind.CHOICE,
            options=members,
        ),
        Field(
            name="ae",
            label="AE",
            now=str(row.ae_id or ""),
            read=colleague,
            write=lambda value: setattr(row, "ae_id", member_or_none(value)),
            kind=Kind.CHOICE,
            options=members,
        ),
        Field(
            name="owner",
            label="Account owner",
            now=str(row.owner_id or ""),
            read=_choice_reader(people),
            write=lambda value: setattr(row, "owner_id", ContactId(int(value)) if value else None),
            kind=Kind.CHOICE,
            options=people,
            hint="The person there who owns the account with you.",
        ),
        Field(
            name="renews_on",
            label="Renews",
            now=_iso(row.renews_on),
            read=reading.read_date,
            write=lambda value: setattr(row, "renews_on", _day(value)),
            kind=Kind.DATE,
        ),
        Field(
            name="health",
            label="Health",
            now="" if row.health is None else str(row.health),
            read=reading.read_health,
            write=lambda value: setattr(row, "health", int(value) if value else None),
            kind=Kind.NUMBER,
            hint="A whole number from 0 to 100.",
        ),
        Field(
            name="health_reason",
            label="Why this health",
            now=row.health_reason or "",
            read=reading.read_reason,
            write=lambda value: setattr(row, "health_reason", value or None),
        ),
        *_traits(deps, session, actor, row),
        Field(
            name="archived",
            label="Archived",
            now=reading.YES if row.archived_at else "",
            read=reading.read_yes,
            write=lambda value: setattr(row, "archived_at", deps.now() if value else None),
            kind=Kind.HIDDEN,
        ),
    ]


def _traits(deps: Deps, session: Session, actor: Actor, row: Account) -> list[Field]:
    matching, ours = policies(session).match_by_domain, team(session)
    said = account_traits.values(session, row.id)

    def reader(name: str) -> Callable[[str], str]:
        def read(text: str) -> str:
            if sentence := unusable(text, name, ours, matching):
                raise Unusable(sentence)
            return " ".join(text.split())

        return read

    def writer(trait_id: int) -> Callable[[str], None]:
        def write(value: str) -> None:
            account_traits.put(session, actor, [Said(trait_id, row.id, value)], deps.now())

        return write

    hint = "Mail with anybody at these domains is filed here. Put spaces between several."
    return [
        Field(
            name=f"trait-{one}",
            label=name,
            now=said.get(one, ""),
            read=reader(name),
            write=writer(one),
            hint=hint if name == matching else "",
        )
        for name, one in account_traits.names(session).items()
    ]


def _domain_reader(session: Session) -> Callable[[str], str]:
    ours = team(session)

    def read(text: str) -> str:
        if text.strip() and (sentence := unusable_domain(text, ours)):
            raise Unusable(sentence)
        return domain_in(text) or ""

    return read


def _domain_hint(session: Session) -> str:
    if policies(session).match_by_domain != DOMAIN:
        return ""
    return (
        "New mail with anybody at this domain is filed here. If you change it, mail that is here "
        "already stays, and new mail at the old domain no longer comes."
    )


def _choice_reader(options: tuple[tuple[str, str], ...]) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text and text not in dict(options):
            raise Unusable("This person is no longer at the account. Choose another one.")
        return text

    return read


def _people(session: Session, row: Account) -> tuple[tuple[str, str], ...]:
    """The account's contacts, and its present owner."""
    return tuple(
        (str(one), name) for one, name in contacts.at_account(session, row.id, row.owner_id)
    )


def _taken(session: Session, name: str, domain: str) -> dict[str, str]:
    """Why this may be an existing account."""
    if accounts.with_name(session, name) is not None:
        return {"name": ALREADY}
    other = accounts.with_domains(session, [domain]) if domain else []
    return {"domain": f"{other[0].name} has this domain already."} if other else {}


def _locked(session: Session, account_id: AccountId) -> Account:
    row = edits.account(session, account_id)
    if row is None:
        raise NotFound(GONE)
    return row


def _row(session: Session, account_id: AccountId) -> Account:
    row = session.get(Account, account_id)
    if row is None:
        raise NotFound(GONE)
    return row


def _subject(account_id: AccountId) -> Subject:
    return Subject(account_id=account_id)


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def _day(value: str) -> date | None:
    return date.fromisoformat(value) if value else None
