"""Notices about recipients, shown to the author while they write."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from backend.deps import Deps
from backend.domain.people.actor import Actor
from backend.domain.sending.suppression import Mailing, Suppression, SuppressionCause, at_the_field
from backend.domain.writing.unsubscribing import Offer
from backend.services.composing.draft import day_of, usable_key
from backend.store import failures, suppressions


def recipient_notices(
    session: Session,
    deps: Deps,
    actor: Actor,
    fields: Mapping[str, Sequence[str]],
    *,
    offer: Offer | None = None,
) -> dict[str, str]:
    """Notices about the people in each field of a message being written: who is suppressed, and
    whom the last message did not reach.
    """
    keys = {
        name: [key for text in texts if (key := usable_key(text))] for name, texts in fields.items()
    }
    everybody = {key for several in keys.values() for key in several}
    found = suppressions.seen_inside(session, deps.keyed_hash, actor.workspace_id, everybody)
    mailing = Mailing(honours_unsubscribes=offer is Offer.OFFERED)
    told = at_the_field(keys, found, mailing, day_of(actor))
    free = {} if mailing.honours_unsubscribes else unsubscribed(keys, found, day_of(actor))
    for name, line in free.items():
        told[name] = f"{told[name]} {line}" if name in told else line
    stopped = {one.address for one in found}
    for key, failed in failures.of_keys(session, everybody - stopped).items():
        name = next(name for name, several in keys.items() if key in several)
        line = f"{failed.sentence}, {day_of(actor)(failed.at)}. It may be tried again."
        told[name] = f"{told[name]} {line}" if name in told else line
    return told


def unsubscribed(
    keys: Mapping[str, Sequence[str]],
    found: Sequence[Suppression],
    spoken: Callable[[datetime], str],
) -> Mapping[str, str]:
    """Who has unsubscribed, field by field: no reason not to write a personal message, but worth
    knowing.
    """
    choice = [one for one in found if one.cause is SuppressionCause.UNSUBSCRIBED]
    stopped = {one.address for one in found} - {one.address for one in choice}
    told: dict[str, str] = {}
    for name, addresses in keys.items():
        for one in choice:
            if one.address in addresses and one.address not in stopped:
                since = f" on {spoken(one.since)}" if one.since else ""
                line = f"{one.address} unsubscribed{since}. Write only if it is personal."
                told[name] = f"{told[name]} {line}" if name in told else line
    return told
