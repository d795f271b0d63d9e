"""The form of a message: the typed fields, the chosen date, and the Draft made of them.

Replying, starting a conversation and editing a pending message share it.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from flask import request
from werkzeug.datastructures import FileStorage

from backend.console.context import current_actor, current_deps
from backend.console.request_parsing import entries, moment, nonce, text
from backend.console.times import for_input
from backend.domain.ids import MailboxId
from backend.domain.mail.address import address_key
from backend.domain.paging import whole_id
from backend.domain.people.entered_people import bare_address, written_person
from backend.domain.people.name_keys import folded_name, folded_words
from backend.domain.summaries.pending import PendingDetail
from backend.domain.summaries.people import ContactSummary
from backend.domain.writing.audience import Spread
from backend.domain.writing.unsubscribing import Offer
from backend.errors import InputError
from backend.queries import contacts
from backend.services.composing import Draft, FileChanges, NewFile

MAX_DELAY = 366
PEOPLE = ("to", "cc", "bcc")
MOST_NAMES, MOST_OFFERED, LEAST_NAMED = 20, 5, 3
"""Names without an address that are looked up in a field, contacts offered for one, and characters
a single name needs.
"""

WRITE_IT = "Choose from the list, or write the address."
UNITS = {"hours": timedelta(hours=1), "days": timedelta(days=1)}


@dataclass(frozen=True, kw_only=True)
class MailForm:
    """The values of the fields. `sender` is the id of the mailbox written from; `when` is now, date
    or delay, where now keeps the date of a pending message; `spread` how it goes to several people,
    an `audience` where they were ticked in a list; `unsubscribes` whether it offers that, in a form
    that asks; `removed` are ids of files, `chosen` the names of files sent with the form, and
    `missing` those that had been sent with it before an error, and were neither chosen again nor
    given up.
    """

    to: str = ""
    cc: str = ""
    bcc: str = ""
    reply_to: str = ""
    subject: str = ""
    body_text: str = ""
    sender: str = ""
    when: str = "now"
    due_at: str = ""
    delay: str = "1"
    delay_unit: str = "days"
    nonce: str = ""
    spread: str = ""
    audience: bool = False
    literal: bool = False
    unsubscribes: bool = True
    removed: frozenset[int] = frozenset()
    chosen: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def offer(self) -> Offer:
        """The message's unsubscribe offer, where there is a choice."""
        return Offer.OFFERED if self.unsubscribes else Offer.WITHHELD

    def with_errors(self, error: InputError) -> "MailForm":
        """The same form with its errors, and a notice that files must be chosen again."""
        errors = dict(error.fields or {"form": error.sentence})
        if self.lost and errors.get("files") != self.lost_files_hint:
            errors["files"] = f"{errors.get('files', '')} {self.lost_files_hint}".strip()
        return replace(self, errors=errors)

    @property
    def lost(self) -> tuple[str, ...]:
        """Names of the files that a browser drops when the form comes back."""
        return self.chosen or self.missing

    @property
    def lost_files_hint(self) -> str:
        """What to do about them."""
        return f"Choose the files again, a browser does not keep them: {', '.join(self.lost)}."


def blank(
    *, to: str = "", cc: str = "", subject: str = "", body_text: str = "", audience: bool = False
) -> MailForm:
    """An empty form."""
    new = MailForm(to=to, cc=cc, subject=subject, body_text=body_text, audience=audience)
    return replace(new, nonce=nonce())


def typed() -> MailForm:
    """The form as sent."""
    chosen = tuple(one.filename or "" for one in _chosen())
    wanted = () if chosen or text("without_files") else request.form.getlist("wanted_file")
    return MailForm(
        to=text("to"),
        cc=text("cc"),
        bcc=text("bcc"),
        reply_to=text("reply_to"),
        subject=text("subject"),
        body_text=text("body_text"),
        sender=text("sender"),
        when=text("when") or "now",
        due_at=text("due_at"),
        delay=text("delay"),
        delay_unit=text("delay_unit") or "days",
        nonce=text("nonce") or nonce(),
        spread=text("spread"),
        audience=bool(text("audience")),
        literal=bool(text("literal")),
        unsubscribes=bool(text("unsubscribes")),
        removed=frozenset(filter(None, map(whole_id, request.form.getlist("remove_file")))),
        chosen=chosen,
        missing=tuple(wanted[:MOST_NAMES]),
    )


def of_pending(detail: PendingDetail) -> MailForm:
    """The form of a pending message."""
    return MailForm(
        to=", ".join(detail.to),
        cc=", ".join(detail.cc),
        bcc=", ".join(detail.bcc),
        reply_to=detail.reply_to or "",
        subject=detail.line.subject,
        body_text=detail.body_text,
        due_at=for_input(detail.line.due_at),
        unsubscribes=detail.unsubscribe_offer is not Offer.WITHHELD,
    )


def draft_of(form: MailForm) -> Draft:
    """The draft of the form. Raises InputError when its date is invalid, or when files chosen
    before an error were not sent again.
    """
    people = named_people()
    if form.missing:
        raise InputError("The email was not queued.", {"files": form.lost_files_hint})
    return Draft(
        to=people["to"],
        cc=people["cc"],
        bcc=people["bcc"],
        reply_to=form.reply_to.strip() or None,
        subject=form.subject,
        body_text=form.body_text.replace("\r\n", "\n"),
        due_at=due_at(form),
        files=FileChanges(
            added=[NewFile(one.filename or "", _bytes(one)) for one in _chosen()],
            removed=form.removed,
        ),
        spread=Spread(form.spread) if form.spread in set(Spread) else Spread.ASK,
        literal=form.literal,
        unsubscribing=form.offer,
        sender=MailboxId(whole_id(form.sender) or 0) if form.sender else None,
    )


def named_people() -> dict[str, tuple[str, ...]]:
    """The addresses in To, Cc and Bcc. A name without an address means the only contact of that
    name. Raises InputError with the choices when somebody else may be meant.
    """
    wrong: dict[str, str] = {}
    found = {field: _addressed(field, wrong) for field in PEOPLE}
    if wrong:
        raise InputError("The email was not queued. Correct its recipients.", wrong)
    return found


def _addressed(field: str, wrong: dict[str, str]) -> tuple[str, ...]:
    written = entries(field)
    entered = list(map(bare_address, written))
    names = [at for at, text in enumerate(entered) if "@" not in text][:MOST_NAMES]
    for at in names:
        name, behind = entered[at], written[at + 1] if at + 1 < len(written) else ""
        found = contacts.suggested(current_deps(), current_actor(), name, limit=MOST_OFFERED + 1)
        several = [one for one in found if one.address]
        if len(several) == 1 and _is_meant(name, several[0], behind):
            entered[at] = several[0].address
        elif several:
            offered = [written_person(one.name, one.address) for one in several[:MOST_OFFERED]]
            more = " and others" if len(several) > MOST_OFFERED else ""
            may_be = "is more than one contact:" if len(several) > 1 else "may not be"
            wrong[field] = f"“{name}” {may_be} {'; '.join(offered)}{more}. {WRITE_IT}"
    return tuple(entered)


def _is_meant(name: str, only: ContactSummary, behind: str) -> bool:
    """Whether it can be nobody else: all words are whole words of the contact's name, and it is not
    the last name of somebody else whose first name and address follow ("Berg, Anna <anna@…>").
    """
    whole = set(folded_words(name)) <= set(folded_name(only.name).split())
    last_name = "<" in behind and address_key(bare_address(behind)) != address_key(only.address)
    return len(name) >= LEAST_NAMED and whole and not last_name


def _chosen() -> list[FileStorage]:
    """The files sent with the form; an empty field sends one without a name."""
    return [one for one in request.files.getlist("files") if one.filename]


def _bytes(one: FileStorage) -> bytes:
    """The content of a file. Large ones are on disk until they are closed."""
    data: bytes = one.read()
    one.close()
    return data


def due_at(form: MailForm) -> datetime | None:
    """When it shall leave; None means as soon as possible. Raises InputError."""
    match form.when:
        case "date":
            return moment(form.due_at, "due_at")
        case "delay":
            return current_deps().now() + _delay(form)
        case "now":
            return None
        case _:
            raise InputError("Nothing was queued.", {"when": "Choose when it shall leave."})


def _delay(form: MailForm) -> timedelta:
    amount = form.delay.strip()
    known = amount.isascii() and amount.isdecimal() and 0 < len(amount) < 5
    if (
        not known
        or form.delay_unit not in UNITS
        or int(amount) * UNITS[form.delay_unit] > timedelta(days=MAX_DELAY)
    ):
        raise InputError("The delay can't be read.", {"delay": "Write a number of hours or days."})
    return int(amount) * UNITS[form.delay_unit]
