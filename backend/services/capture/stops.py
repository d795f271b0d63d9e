"""Decides which addresses are suppressed, by everything known about them, and records it.

Separate from recording reports, because a reply from such an address changes it as well.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from backend.domain.incoming import Where
from backend.domain.sending.failing_addresses import Failure, ends_by_mail, stopped
from backend.domain.sending.suppression import SuppressionCause
from backend.store import audit
from backend.store.failures import written_at
from backend.store.models import Bounce, ContactAddress, Suppression

BY_RULE = (SuppressionCause.BOUNCED, SuppressionCause.COMPLAINED)


def judge(session: Session, where: Where, keys: Iterable[str]) -> bool:
    """Suppress or free these addresses by everything known about them. Returns whether anything
    changed.
    """
    wanted = sorted(keys)
    if not wanted:
        return False
    failures = failures_of(session, wanted)
    by_hash = {where.hashed(key): key for key in wanted}
    stops = stops_of(session, by_hash)
    written = written_at(session, wanted)
    changed = False
    for address_hash, key in by_hash.items():
        lifted = {cause: row.lifted_at for cause, row in stops[key].items() if row.lifted_at}
        began = stopped(failures[key], lifted=lifted, written_at=written.get(key))
        for cause, since in began.items():
            row = stops[key].get(cause)
            if row is None or row.ended_at is not None:
                stop(session, where, (address_hash, key), cause, since)
                changed = True
        row = stops[key].get(SuppressionCause.BOUNCED)
        if row is not None and row.ended_at is None and SuppressionCause.BOUNCED not in began:
            changed |= free(session, where, row, failures[key])
    return changed


def failures_of(session: Session, keys: Sequence[str]) -> Mapping[str, list[Failure]]:
    """The recorded failures of these addresses."""
    query = select(Bounce.key, Bounce.happened_at, Bounce.outcome)
    found: dict[str, list[Failure]] = defaultdict(list)
    for key, at, outcome in session.execute(query.where(Bounce.key.in_(keys), Bounce.counts)):
        found[key].append(Failure(at, outcome))
    return found


def stops_of(
    session: Session, by_hash: Mapping[bytes, str]
) -> Mapping[str, Mapping[SuppressionCause, Suppression]]:
    """The suppressions of these addresses that rules made, including ended ones."""
    query = select(Suppression).where(
        Suppression.address_hash.in_(list(by_hash)), Suppression.reason.in_(BY_RULE)
    )
    found: dict[str, dict[SuppressionCause, Suppression]] = defaultdict(dict)
    for row in session.scalars(query.with_for_update()):
        found[by_hash[row.address_hash]][row.reason] = row
    return found


def stop(
    session: Session,
    where: Where,
    address: tuple[bytes, str],
    cause: SuppressionCause,
    since: datetime,
) -> None:
    """Suppress this address."""
    address_hash, key = address
    owner = (
        select(ContactAddress.contact_id)
        .where(ContactAddress.key == key)
        .order_by(ContactAddress.contact_id)
        .limit(1)
    )
    given = insert(Suppression).values(
        workspace_id=where.workspace_id,
        address_hash=address_hash,
        reason=cause,
        contact_id=session.scalar(owner),
        since=since,
        key=key,
    )
    again = {"since": since, "key": key, "set_by": None, "ended_at": None}
    session.execute(
        given.on_conflict_do_update(
            index_elements=["workspace_id", "address_hash", "reason"], set_=again
        )
    )
    subject = f"address:{address_hash.hex()}"
    audit.note_by_rule(session, where.workspace_id, f"address.{cause}", subject, where.now)


def free(session: Session, where: Where, row: Suppression, failures: Sequence[Failure]) -> bool:
    """End a suppression for temporary failures, since the address has written."""
    if row.set_by is not None or not ends_by_mail(failures, lifted_at=row.lifted_at):
        return False
    row.ended_at = where.now
    subject = f"address:{row.address_hash.hex()}"
    audit.note_by_rule(session, where.workspace_id, "address.has_written", subject, where.now)
    return True
