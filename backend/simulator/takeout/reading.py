"""What a loader needs to know of one archived mail: when, in which thread, whole or broken."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from backend.simulator.clock import epoch_ms
from backend.simulator.mail import raw_headers
from backend.simulator.mail.digest import Digest, digest
from backend.simulator.mail.raw_headers import RawMail
from backend.simulator.takeout.found import Found

EARLIEST = datetime(1971, 1, 1, tzinfo=UTC)
ENVELOPE_DATE = re.compile(r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) .*")
ENVELOPE_FORMS = ("%a %b %d %H:%M:%S %z %Y", "%a %b %d %H:%M:%S %Y", "%a %b %d %H:%M %Y")
NO_DIGEST = Digest("", (), "", "", "", "", "", "", "", "", "", is_list=False)


@dataclass(frozen=True)
class Read:
    """One archived message, parsed where possible."""

    raw: bytes
    seen: Digest
    at_ms: int
    labels_header: str | None
    folder_labels: tuple[str, ...] | None
    gmail_thread: int | None
    delivered_to: str
    is_broken: bool


def read(found: Found, *, now: datetime) -> Read:
    """Never raises: what cannot be read is kept as it is and marked broken."""
    mail = raw_headers.parse(found.raw)
    try:
        seen = digest(found.raw)
    except (ValueError, LookupError, OverflowError, RecursionError):
        seen = NO_DIGEST
    moment = _moment(mail, found.envelope, now)
    labels = mail.first("x-gmail-labels")
    return Read(
        raw=found.raw,
        seen=seen,
        at_ms=epoch_ms(moment or now),
        labels_header=labels or None,
        folder_labels=found.labels,
        gmail_thread=_gmail_thread(mail.first("x-gm-thrid")),
        delivered_to=next(iter(mail.addresses("delivered-to")), ""),
        is_broken=seen is NO_DIGEST or moment is None or not mail.first("from"),
    )


def _moment(mail: RawMail, envelope: str, now: datetime) -> datetime | None:
    """The Date header, else the envelope's, else the last relay's."""
    received = [one.rpartition(";")[2] for one in mail.every("received")]
    for written in (mail.first("date"), *received):
        moment = _parsed(written)
        if moment is not None and moment > EARLIEST:
            return min(moment, now)
    return _envelope_moment(envelope)


def _parsed(written: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(written)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _envelope_moment(envelope: str) -> datetime | None:
    found = ENVELOPE_DATE.search(envelope)
    if found is None:
        return None
    text = " ".join(found[0].split())
    for form in ENVELOPE_FORMS:
        try:
            moment = datetime.strptime(text, form)  # noqa: DTZ007 - some forms have no zone
        except ValueError:
            continue
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return None


def _gmail_thread(written: str) -> int | None:
    if not written.isdigit():
        return None
    value = int(written)
    return value if 0 < value < 1 << 63 else None
