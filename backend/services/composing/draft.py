"""Checks what a person wrote, field by field, before anything is stored."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from backend.deps import Deps
from backend.domain.ids import ContactId, MailboxId
from backend.domain.mail.address import address_key, is_valid_address
from backend.domain.mail.message import NamedAddress
from backend.domain.people.actor import Actor
from backend.domain.people.team import Team
from backend.domain.policies import MailboxKind, Policies
from backend.domain.reasons import Reason, sentence
from backend.domain.sending.due_dates import date_wrong
from backend.domain.sending.suppression import Mailing, at_the_field
from backend.domain.writing.audience import Spread
from backend.domain.writing.quoting import FORWARDED
from backend.domain.writing.recipients import (
    MAX_RECIPIENTS,
    RecipientRules,
    Recipients,
    check_recipients,
)
from backend.domain.writing.unfilled import unfilled, unfilled_hint
from backend.domain.writing.unsubscribing import Offer
from backend.errors import InputError
from backend.services.composing.files import FileChanges
from backend.store import contacts, suppressions
from backend.store.models import Mailbox, TeamMember

MOST_TEXT = 200_000
MOST_SUBJECT = 900


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A message as written. Addresses are raw text; `due_at` None means as soon as possible;
    `literal`: text that looks like variables is literal; `answers`: the subject is somebody else's.
    `unsubscribing` applies where the workspace offers it; `sender` is the mailbox to write from, or
    None for the author's own.
    """

    to: Sequence[str]
    subject: str
    body_text: str
    cc: Sequence[str] = ()
    bcc: Sequence[str] = ()
    reply_to: str | None = None
    due_at: datetime | None = None
    files: FileChanges = field(default_factory=FileChanges)
    spread: Spread = Spread.ASK
    literal: bool = False
    answers: bool = False
    unsubscribing: Offer = Offer.OFFERED
    sender: MailboxId | None = None


@dataclass(frozen=True, kw_only=True)
class Checked:
    """A draft that may be stored: recipients by key, with the text each was typed as."""

    recipients: Recipients
    written: dict[str, str]

    def stored(self, keys: Iterable[str], names: dict[str, str]) -> list[dict[str, str]]:
        """The recipients of one field as stored on the row."""
        return [
            {"name": names.get(key, ""), "address": self.written[key], "key": key} for key in keys
        ]


def check(
    draft: Draft,
    team: Team,
    *,
    now: datetime,
    maximum: int,
    files: Mapping[str, str] | None = None,
    among_us: bool = False,
) -> Checked:
    """Check every field at once; `files` is what is wrong with the files, and `among_us` permits
    colleagues as the only recipients. Raises InputError that names each wrong field.
    """
    wrong = {**texts_wrong(draft, now), **(files or {})}
    is_internal: Callable[[str], bool] = (lambda _: False) if among_us else team.owns
    rules = RecipientRules(key=usable_key, is_internal=is_internal, maximum=maximum)
    try:
        recipients = check_recipients(draft.to, draft.cc, draft.bcc, rules=rules)
    except InputError as error:
        raise InputError(error.sentence, {**error.fields, **wrong}) from error
    if wrong:
        raise InputError("The email was not queued. Correct the marked fields.", wrong)
    texts = [text.strip() for text in (*draft.to, *draft.cc, *draft.bcc) if text.strip()]
    return Checked(recipients=recipients, written={address_key(text): text for text in texts})


def texts_wrong(draft: Draft, now: datetime) -> dict[str, str]:
    """What is wrong with subject, text, date and Reply-To."""
    wrong: dict[str, str] = {}
    if not draft.subject.strip():
        wrong["subject"] = "Write a subject."
    elif len(draft.subject) > MOST_SUBJECT:
        wrong["subject"] = f"Shorten the subject to {MOST_SUBJECT} characters."
    if not draft.body_text.strip():
        wrong["body_text"] = "Write a message."
    elif len(draft.body_text) > MOST_TEXT:
        wrong["body_text"] = f"Shorten the message to {MOST_TEXT:,} characters."
    if draft.due_at is not None:
        wrong |= date_wrong(draft.due_at, now)
    if not draft.literal and (found := unfilled(own_words(draft))):
        wrong["literal"] = unfilled_hint(found)
    if draft.reply_to and not usable_key(draft.reply_to.strip()):
        wrong["reply_to"] = sentence(Reason.INVALID_ADDRESS, address=draft.reply_to)
    return wrong


def own_words(draft: Draft) -> str:
    """The author's own words: text, and the subject where it is theirs."""
    text, passed_on, _ = draft.body_text.partition(FORWARDED)
    return text if passed_on or draft.answers else f"{draft.subject}\n{text}"


def passes_on(text: str, to: Iterable[NamedAddress], team: Team) -> bool:
    """Whether a waiting message may go to colleagues alone, as a forward may: it contains the
    forwarded message, or goes to colleagues only already. `text` and `to` are the row's.
    """
    return FORWARDED in text or all(team.owns(one.key) for one in to)


def usable_key(text: str) -> str:
    """The key of an address that Gmail can send to, else empty."""
    plain = text.strip().rpartition("@")[0].isascii()
    return address_key(text) if plain and is_valid_address(text) else ""


def contacts_behind(session: Session, keys: Iterable[str]) -> dict[str, ContactId]:
    """The contact of each address that has one; the oldest when several share it."""
    return dict(contacts.behind(session, list(keys)))


def most_recipients(session: Session, chosen: Policies, mailbox_id: MailboxId) -> int:
    """The maximum number of recipients: one is reserved for the sender's own copy, and always where
    a mailbox has several authors.
    """
    own_copy = session.scalar(
        select(
            func.coalesce(
                TeamMember.always_bcc,
                case((Mailbox.kind == MailboxKind.SHARED, Mailbox.email)),
            )
        )
        .select_from(Mailbox)
        .outerjoin(TeamMember, Mailbox.owner_id == TeamMember.id)
        .where(Mailbox.id == mailbox_id)
    )
    return min(chosen.group_max_recipients, MAX_RECIPIENTS - (1 if own_copy else 0))


def require_contacts(keys: Iterable[str], known: Mapping[str, ContactId], team: Team) -> None:
    """A conversation is started with people in the system only (VC-6)."""
    for key in keys:
        if key not in known and not team.owns(key):
            raise InputError(
                "The email was not queued.", {"to": sentence(Reason.NOT_A_CONTACT, address=key)}
            )


def day_of(actor: Actor) -> Callable[[datetime], str]:
    """Formats a day for this reader: "5 Jan 2026"."""
    zone = ZoneInfo(actor.time_zone)
    return lambda moment: f"{moment.astimezone(zone):%-d %b %Y}"


def require_writable(
    session: Session, deps: Deps, actor: Actor, recipients: Recipients, offer: Offer | None
) -> None:
    """Refuses suppressed recipients: the author learns who, why, since when, and what to do. A
    conversation that offers unsubscribing cannot be started with somebody who has unsubscribed
    (VC-31).
    """
    found = suppressions.seen_inside(
        session, deps.keyed_hash, actor.workspace_id, recipients.everybody
    )
    fields = {"to": recipients.to, "cc": recipients.cc, "bcc": recipients.bcc}
    mailing = Mailing(honours_unsubscribes=offer is Offer.OFFERED)
    wrong = at_the_field(fields, found, mailing, day_of(actor))
    if wrong:
        raise InputError("The email was not queued. Correct the marked fields.", wrong)
