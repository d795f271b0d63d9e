"""The queue of unmatched people (M5): who is on the reader's own left-out mail, read from Gmail.

Nothing readable is stored about strangers, so names and subjects are read from the reader's own
mailbox for this page, one batch of 25 messages, and forgotten. Nobody sees a colleague's.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta

from backend.deps import Deps
from backend.domain.capture.blocklist import blocked
from backend.domain.capture.rule import CaptureRules
from backend.domain.mail.address_list import parse_address_list
from backend.domain.mail.envelope import Author, Envelope
from backend.domain.mail.message import NamedAddress
from backend.domain.mail.mime.words import decode_words
from backend.domain.people.actor import Actor
from backend.domain.people.creation import Candidate, MayNotCreate, Path, may_create
from backend.domain.people.suggestions import name_from
from backend.domain.policies import ContactCreation, MatchField
from backend.domain.summaries.unmatched import UnmatchedLine, UnmatchedPage
from backend.errors import RapportError
from backend.google.apis import Access
from backend.rate_limit import pacer
from backend.store import credentials, mailboxes, unmatched
from backend.store.unmatched import UnmatchedPerson
from backend.store.workspace_rules import policies, rules_for

PEOPLE = 60
"""Looked at for one page; several are on one message."""

MESSAGES = 25
"""Read for one page: one batch."""

PATIENCE = timedelta(seconds=3)
FIELDS = ("From", "To", "Cc", "Subject", "List-Id", "List-Unsubscribe", "Auto-Submitted")
AUTOMATIC = ("list-id", "list-unsubscribe", "auto-submitted")
NOT_CONNECTED = "Your Gmail is not connected, so nobody is suggested. Connect it in Email settings."
SOMEBODY_ELSE = (
    "Who writes to this member is shown to nobody but them, and you are logged in as them."
)
NO_SUBJECT = "No subject"


def unmatched_people(deps: Deps, actor: Actor, *, ignored: bool = False) -> UnmatchedPage:
    """The people of the newest left-out mail, or those whom the reader ignores."""
    if actor.behind is not None:
        return UnmatchedPage(lines=(), trouble=SOMEBODY_ELSE)
    with deps.store.begin(actor.workspace_id) as session:
        own = mailboxes.of_member(session, actor.member_id)
        if own is None or own.sealed_token is None:
            return UnmatchedPage(lines=(), trouble=NOT_CONNECTED)
        found = unmatched.newest(session, actor.member_id, ignored=ignored, most=PEOPLE + 1)
        found = [one for one in found if one.mailbox_id == own.id]
        rules, creation = rules_for(session, own), policies(session).contact_creation
        access = Access(own.id, credentials.refresh_token(session, deps.sealer, own.id))
    wanted = list(dict.fromkeys(one.gmail_id for one in found))[:MESSAGES]
    try:
        gmail = deps.google.mailbox(access, pacer(deps, own.id, patience=PATIENCE))
        read = gmail.headers_of(wanted, FIELDS) if wanted else {}
    except RapportError as error:
        return UnmatchedPage(lines=(), trouble=error.sentence)
    return UnmatchedPage(
        lines=tuple(_lines(deps, actor, found, read, rules, creation)),
        more=len(found) > PEOPLE or any(one.gmail_id not in read for one in found),
    )


def _lines(
    deps: Deps,
    actor: Actor,
    found: Sequence[UnmatchedPerson],
    read: Mapping[str, Mapping[str, str]],
    rules: CaptureRules,
    creation: ContactCreation,
) -> Iterator[UnmatchedLine]:
    """A line for each person whose address is found in the headers of their newest message."""
    for one in found:
        fields = read.get(one.gmail_id)
        person = _person(deps, actor, one, fields) if fields else None
        if fields is None or person is None or blocked(Envelope(person.key), "", rules.never_log):
            continue
        automatic = any(fields.get(name) for name in AUTOMATIC)
        candidate = Candidate(
            address=person.key,
            field=MatchField.FROM,
            author=Author.MACHINE if automatic else Author.PERSON,
            path=Path.ONE_CLICK,
        )
        answer = may_create(candidate, team=rules.team, creation=creation)
        yield UnmatchedLine(
            token=one.person_hash.hex(),
            name=name_from(person.name, person.key),
            email=person.address,
            subject=decode_words(fields.get("subject", "")) or NO_SUBJECT,
            count=one.count,
            last_at=one.last_at,
            no_contact=answer.sentence if isinstance(answer, MayNotCreate) else "",
        )


def _person(
    deps: Deps, actor: Actor, one: UnmatchedPerson, fields: Mapping[str, str]
) -> NamedAddress | None:
    """Whose hash it is, among the people of the headers."""
    hashed = deps.hashed_in(actor.workspace_id)
    for name in ("from", "to", "cc"):
        for person in parse_address_list(fields.get(name, "")):
            if person.key and hashed(person.key) == one.person_hash:
                return person
    return None
