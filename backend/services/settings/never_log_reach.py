"""What a never-log entry would have kept out lately, shown where it was added.

Separate from the list because it asks the capture's own rule about stored mail, and because it must
not tell a reader anything about mail that this reader may not read.
"""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import islice

from sqlalchemy.orm import Session

from backend.domain.capture.blocklist import Entry, EntryKind, NeverLog, blocked, never_log
from backend.domain.mail.address import address_key
from backend.domain.mail.envelope import Envelope
from backend.domain.people.actor import Actor
from backend.domain.people.visibility import Hidden
from backend.domain.summaries.administration import CoveredMail, NeverLogReach
from backend.services.deps import Deps
from backend.services.settings.never_log import entry_of, line_of
from backend.store import never_log_reach
from backend.store.conversation_access import access_to, conversations_by_id, holders_of
from backend.store.never_log_reach import RecentMail

REACH = timedelta(days=30)
LOOKED_AT = 20_000
"""Messages that are looked at, the newest first."""

SHOWN = 50
TOGETHER = 500
"""Messages whose readers are asked for in one statement."""


def reach_of(deps: Deps, actor: Actor, entry_id: int) -> NeverLogReach:
    """An entry with the mail of the last 30 days that it covers. Raises NotFound."""
    with deps.store.begin(actor.workspace_id) as session:
        row, added_by = entry_of(session, actor, entry_id)
        kind = row.kind
        entries = never_log([Entry(kind, row.value)])
        looked_at, covered = 0, list[CoveredMail]()
        mails = never_log_reach.recent_mail(
            session,
            since=deps.now() - REACH,
            owner=actor.member_id if row.member_id is not None else None,
            most=LOOKED_AT,
        )
        for together in _blocks(mails):
            looked_at += len(together)
            met = [mail for mail in together if _covers(entries, mail)]
            covered += _readable(actor, session, met, kind)
        return NeverLogReach(
            line=line_of(row, added_by),
            days=REACH.days,
            number=len(covered),
            newest=tuple(sorted(covered, key=lambda mail: mail.sent_at, reverse=True)[:SHOWN]),
            partial=looked_at == LOOKED_AT,
        )


def _blocks(mails: Iterator[RecentMail]) -> Iterator[list[RecentMail]]:
    while together := list(islice(mails, TOGETHER)):
        yield together


def _covers(entries: NeverLog, mail: RecentMail) -> bool:
    def keys(wanted: str) -> tuple[str, ...]:
        return tuple(address_key(address) for role, address in mail.people if role == wanted)

    sender = next(iter(keys("from")), None)
    envelope = Envelope(
        sender or None, to=keys("to"), cc=keys("cc"), bcc=keys("bcc"), reply_to=keys("reply_to")
    )
    return blocked(envelope, mail.subject, entries) is not None


def _readable(
    actor: Actor, session: Session, mails: Sequence[RecentMail], kind: EntryKind
) -> list[CoveredMail]:
    """Those this reader may know of. Words are met only where the reader may read the subject."""
    ids = list({mail.conversation_id for mail in mails})
    holders = holders_of(session, ids)
    rows = conversations_by_id(session, ids)
    found = []
    for mail in mails:
        access = access_to(actor, rows[mail.conversation_id], holders.get(mail.conversation_id, ()))
        subject = not isinstance(access, Hidden) and access.level.shows_subject
        if isinstance(access, Hidden) or (kind is EntryKind.SUBJECT and not subject):
            continue
        found.append(
            CoveredMail(
                conversation_id=mail.conversation_id,
                subject=mail.subject if subject else None,
                sender=mail.sender,
                sent_at=mail.sent_at,
            )
        )
    return found
