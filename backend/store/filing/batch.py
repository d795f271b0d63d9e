"""Planning a batch: one look at what is there, then rows to write. Nothing more is asked, unless
conversations turn out to be one.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from backend.domain.ids import ConversationId
from backend.store.filing.item import Filed, Filing, FilingPlace
from backend.store.filing.known import lock_and_look
from backend.store.filing.rows import Pairs, Rows, copy_rows, hidden_rows, message_rows
from backend.store.filing.threads import Threads
from backend.store.filing.touches import grown_rows, growth, touched


@dataclass(frozen=True)
class Plan:
    """Where each message goes, and the rows that say so. It holds until the transaction ends."""

    pairs: Pairs
    rows: Rows


def plan(session: Session, place: FilingPlace, items: Sequence[Filing]) -> Plan:
    """File the batch in the order given. Planning and writing it again changes nothing."""
    if not items:
        return Plan((), {})
    known = lock_and_look(session, place, items)
    threads = Threads(session, place, known)
    fresh: dict[bytes, Filing] = {}
    conversations = dict[bytes, ConversationId]()
    for item in items:
        conversations[item.identity] = threads.place(item)
        if item.identity not in known.messages:
            fresh.setdefault(item.identity, item)
    ids = {**known.messages, **dict(zip(fresh, known.message_ids, strict=False))}
    pairs = [
        (
            Filed(
                gmail_id=item.fetched.gmail_id,
                message_id=ids[item.identity],
                conversation_id=threads.settled(conversations[item.identity]),
                new=item.identity in fresh,
            ),
            item,
        )
        for item in items
    ]
    return Plan(pairs, planned(place, pairs, fresh, threads))


def planned(place: FilingPlace, pairs: Pairs, fresh: dict[bytes, Filing], threads: Threads) -> Rows:
    """The rows. Of several copies of a new message, the first makes its rows."""
    first = [pair for pair in pairs if fresh.get(pair[1].identity) is pair[1]]
    again = [pair for pair in pairs if fresh.get(pair[1].identity) is not pair[1]]
    rows = message_rows(place, first)
    rows["participants"] += hidden_rows(place, again)
    rows |= copy_rows(place, pairs)
    rows |= threads.rows()
    rows |= grown_rows(growth(first), threads.started)
    return rows | touched(place, pairs)
