"""One decision row for every message ever seen: why it is here, or why not.

Of a mail that was left out nothing readable is stored: its Message-ID only as a keyed hash, and its
people likewise where one of them may become a contact, so that the mail can be found again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy.orm import Session

from backend.domain.capture.rule import Keep, Quarantine, Rule, Skip
from backend.domain.ids import MailboxId, MessageId, WorkspaceId
from backend.store.bulk import write_rows
from backend.store.fetching import LATE
from backend.store.models import Decision
from backend.store.sealing import KeyedHash

DECIDED = (
    *("outcome", "reason", "rule", "path", "message_id"),
    *("deciding_address", "deciding_hash", "decided_at"),
)
LEARNED = ("rfc_hash", "internal_at")
"""What is not known of a mail that was left out unread, as spam is, and does not change."""

DECIDE_AGAIN = "ON CONFLICT (mailbox_id, gmail_id) DO UPDATE SET " + ", ".join(
    [f"{column} = excluded.{column}" for column in DECIDED]
    + [f"{column} = coalesce(excluded.{column}, decisions.{column})" for column in LEARNED]
)
OPEN = frozenset({Rule.MATCHING, Rule.BOUNCE})
"""What left out a mail that may be wanted later: nobody on it was known, or the mail it reports on.
"""

OUTCOMES = {Keep: "kept", Skip: "skipped", Quarantine: "quarantined"}


class DecisionPlace(Protocol):
    """Where and by which path the decision was made."""

    @property
    def workspace_id(self) -> WorkspaceId:
        """The tenant."""

    @property
    def mailbox_id(self) -> MailboxId:
        """The mailbox the message was seen in."""

    @property
    def path(self) -> str:
        """Import, live, audit or click."""

    @property
    def now(self) -> datetime:
        """When it was decided."""

    @property
    def keyed_hash(self) -> KeyedHash:
        """How ids and addresses become hashes."""


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """A decision with what its row needs. `people` are the keys of everybody on the message who is
    not one of us, and of a report what it is found by; they are hashed before they are stored.
    """

    gmail_id: str
    decision: Keep | Skip | Quarantine
    message_id: MessageId | None = None
    rfc_id: str | None = None
    people: tuple[str, ...] = ()
    internal_at: datetime | None = None


def note(session: Session, place: DecisionPlace, verdicts: Sequence[Verdict]) -> None:
    """Write the rows; a later decision about the same copy replaces the earlier one."""
    if verdicts:
        write_rows(session, Decision, rows_of(place, verdicts), DECIDE_AGAIN)


def rows_of(place: DecisionPlace, verdicts: Sequence[Verdict]) -> list[dict[str, Any]]:
    """The rows of all verdicts; of several about one copy, the last."""
    return list({verdict.gmail_id: row(place, verdict) for verdict in verdicts}.values())


def row(place: DecisionPlace, verdict: Verdict) -> dict[str, Any]:
    """The row of one verdict."""
    decision = verdict.decision
    address = None if isinstance(decision, Quarantine) else decision.address
    kept = isinstance(decision, Keep)

    def hashed(text: str) -> bytes:
        return place.keyed_hash.of(place.workspace_id, text)

    return {
        "workspace_id": place.workspace_id,
        "mailbox_id": place.mailbox_id,
        "gmail_id": verdict.gmail_id,
        "outcome": OUTCOMES[type(decision)],
        "reason": decision.reason,
        "rule": decision.rule,
        "path": place.path,
        "message_id": verdict.message_id,
        "deciding_address": address if kept else None,
        "deciding_hash": hashed(address) if address and not kept else None,
        "rfc_hash": hashed(verdict.rfc_id) if verdict.rfc_id else None,
        "internal_at": verdict.internal_at,
        "decided_at": place.now,
    }


def left_out_rows(place: DecisionPlace, verdicts: Sequence[Verdict]) -> list[dict[str, Any]]:
    """Who is on mail that was left out because nobody on it was known. Mail that was looked at once
    more for a new contact is not offered again.
    """
    if place.path == LATE:
        return []
    return [
        {
            "workspace_id": place.workspace_id,
            "person_hash": place.keyed_hash.of(place.workspace_id, key),
            "mailbox_id": place.mailbox_id,
            "gmail_id": verdict.gmail_id,
        }
        for verdict in verdicts
        if isinstance(verdict.decision, Skip) and verdict.decision.rule in OPEN
        for key in verdict.people
    ]
