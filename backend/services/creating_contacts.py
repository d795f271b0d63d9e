"""Makes a contact of an unknown person with one click, with the account and the open email (D-4).

Contact, membership and logged message are one transaction: all or nothing.
"""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from backend.deps import Deps
from backend.domain.capture.blocklist import blocked
from backend.domain.capture.list_sender import through_own_list
from backend.domain.capture.rule import Asked, CaptureRules
from backend.domain.ids import AccountId, ContactId
from backend.domain.mail.address import address_key, clean_name, is_valid_address
from backend.domain.mail.envelope import Author, Envelope
from backend.domain.mail.kinds import MailKind, classify
from backend.domain.mail.message import FetchedMessage, NamedAddress
from backend.domain.people.actor import Actor
from backend.domain.people.creation import Candidate, MayNotCreate, Path, Standing, may_create
from backend.domain.people.roles import Permission, allowed, refusal
from backend.domain.people.suggestions import company_domain
from backend.domain.policies import MatchField
from backend.errors import InputError, NotAllowed, NotFound
from backend.google.open_message import OpenedMessage, read
from backend.google.opened import Extent
from backend.services.capture.opened import capture_opened, clicked_in, own_mailbox
from backend.services.late_matching import bring_along
from backend.store import accounts, audit, clicks, contacts
from backend.store.workspace_rules import policies, rules_for

LONGEST_NAME = 200


@dataclass(frozen=True)
class ExistingAccount:
    """An account that was chosen."""

    account_id: AccountId


@dataclass(frozen=True)
class AccountByName:
    """An account by its name: the existing one, or a new one."""

    name: str


@dataclass(frozen=True, kw_only=True)
class NewContact:
    """What was entered in the form. `earlier`: also capture earlier mail."""

    name: str
    email: str
    account: ExistingAccount | AccountByName | None
    earlier: bool = False


def create_contact(
    deps: Deps, actor: Actor, *, person: NewContact, log: OpenedMessage | None, nonce: str
) -> ContactId:
    """The contact with this address, created now or by a concurrent click; `log` is filed with
    it.
    """
    name, key = _checked(actor, person)
    fetched = read(deps.google, log, Extent.WHOLE) if log is not None else None
    with deps.store.begin(actor.workspace_id) as session:
        first = clicks.is_first(session, actor, nonce, action="contact", now=deps.now())
        contacts.lock_address(session, actor, key)
        known = contacts.with_key(session, key)
        if not first and known is not None:
            return known
        contact_id = known or _create(deps, session, actor, person, name, fetched)
        if fetched is not None:
            mailbox_id = own_mailbox(deps, session, actor).id
            where = clicked_in(deps, actor, mailbox_id, asked=Asked.LOG)
            capture_opened(session, where, actor, fetched)
        bring_along(session, deps, actor, contact_id, asked=person.earlier)
        return contact_id


def _checked(actor: Actor, person: NewContact) -> tuple[str, str]:
    """The cleaned name and the key of the address."""
    if not allowed(actor.role, Permission.CONTACT_CREATE, own=True):
        raise NotAllowed(refusal(Permission.CONTACT_CREATE, own=True))
    fields: dict[str, str] = {}
    name, key = clean_name(person.name), address_key(person.email)
    if not name:
        fields["name"] = "Enter a name."
    if not key or not is_valid_address(person.email):
        fields["email"] = f"{person.email or 'Nothing'} is not a usable email address. Correct it."
    if fields:
        raise InputError(" ".join(fields.values()), fields)
    return name[:LONGEST_NAME], key


def _create(
    deps: Deps,
    session: Session,
    actor: Actor,
    person: NewContact,
    name: str,
    fetched: FetchedMessage | None,
) -> ContactId:
    rules = rules_for(session, own_mailbox(deps, session, actor))
    key = address_key(person.email)
    require_allowed(session, key, fetched, rules)
    who = NamedAddress(name, person.email.strip(), key)
    contact_id = contacts.add(session, actor, who, via="click", now=deps.now())
    account_id = _account(deps, session, actor, person, company_domain(key, rules.team))
    if account_id is not None:
        contacts.join_account(session, actor, contact_id, account_id, deps.now())
    audit.note(session, actor, "contact.created", f"contact:{contact_id}", now=deps.now())
    return contact_id


def require_allowed(
    session: Session, key: str, fetched: FetchedMessage | None, rules: CaptureRules
) -> None:
    """Raise InputError for an address that no contact may have (D-4)."""
    human = (
        fetched is None or classify(through_own_list(fetched.parsed, rules.team)) is MailKind.HUMAN
    )
    listed = blocked(Envelope(key), "", rules.never_log) is not None
    candidate = Candidate(
        address=key,
        field=MatchField.FROM,
        author=Author.PERSON if human else Author.MACHINE,
        path=Path.ONE_CLICK,
        standing=Standing.NEVER_LOGGED if listed else Standing.FREE,
    )
    answer = may_create(candidate, team=rules.team, creation=policies(session).contact_creation)
    if isinstance(answer, MayNotCreate):
        raise InputError(answer.sentence, {"email": answer.sentence})


def _account(
    deps: Deps, session: Session, actor: Actor, person: NewContact, company: str | None
) -> AccountId | None:
    match person.account:
        case None:
            return None
        case ExistingAccount(account_id):
            if not accounts.exists(session, account_id):
                raise NotFound("This account is no longer there. Choose another one.")
            return account_id
        case AccountByName(text):
            return _account_by_name(deps, session, actor, text, company)


def _account_by_name(
    deps: Deps, session: Session, actor: Actor, text: str, company: str | None
) -> AccountId:
    name = clean_name(text)[:LONGEST_NAME]
    if not name:
        raise InputError("Enter the account's name.", {"account": "Enter the account's name."})
    accounts.lock_name(session, actor, name)
    known = accounts.with_name(session, name)
    if known is not None:
        return known
    taken = company is not None and bool(accounts.with_domains(session, [company]))
    domain = None if taken else company
    account_id = accounts.add(session, actor, name=name, domain=domain, now=deps.now())
    audit.note(session, actor, "account.created", f"account:{account_id}", now=deps.now())
    return account_id
