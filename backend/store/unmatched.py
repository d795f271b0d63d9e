"""People on mail that was left out because nobody on it is a contact: counted by keyed hash.

Only the mail of the reader's own connected mailboxes: it was never shared with anybody.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from backend.domain.capture.rule import Rule
from backend.domain.ids import MailboxId, MemberId
from backend.domain.people.actor import Actor
from backend.store.models import IgnoredPerson

FIND = text(f"""
SELECT p.person_hash, count(*) AS count, max(d.internal_at) AS last_at,
       (array_agg(p.mailbox_id ORDER BY d.internal_at DESC NULLS LAST))[1] AS mailbox_id,
       (array_agg(p.gmail_id ORDER BY d.internal_at DESC NULLS LAST))[1] AS gmail_id
  FROM left_out_people p
  JOIN decisions d ON d.mailbox_id = p.mailbox_id AND d.gmail_id = p.gmail_id
  JOIN mailboxes m ON m.id = p.mailbox_id
 WHERE m.owner_id = :reader AND m.sealed_token IS NOT NULL
   AND d.outcome = 'skipped' AND d.rule = '{Rule.MATCHING}'
   AND :ignored = EXISTS (SELECT FROM ignored_people i
                           WHERE i.member_id = :reader AND i.person_hash = p.person_hash)
 GROUP BY p.person_hash
 ORDER BY max(d.internal_at) DESC NULLS LAST, p.person_hash
 LIMIT :most
""")  # noqa: S608 - only our own text is put together


@dataclass(frozen=True)
class UnmatchedPerson:
    """Somebody by hash, with the newest message that they are on."""

    person_hash: bytes
    count: int
    last_at: datetime | None
    mailbox_id: MailboxId
    gmail_id: str


def newest(
    session: Session, reader: MemberId, *, ignored: bool, most: int
) -> Sequence[UnmatchedPerson]:
    """The people of the newest left-out mail of the reader's own mailboxes, without those whom they
    ignore, or only those.
    """
    values = {"reader": reader, "ignored": ignored, "most": most}
    return [UnmatchedPerson(*row) for row in session.execute(FIND, values)]


def ignore(session: Session, actor: Actor, person_hash: bytes, now: datetime) -> None:
    """Suggest this person no more to this member."""
    values = {
        "workspace_id": actor.workspace_id,
        "member_id": actor.member_id,
        "person_hash": person_hash,
        "ignored_at": now,
    }
    session.execute(insert(IgnoredPerson).values(values).on_conflict_do_nothing())


def heed(session: Session, actor: Actor, person_hash: bytes) -> None:
    """Suggest them again."""
    session.execute(
        delete(IgnoredPerson).where(
            IgnoredPerson.member_id == actor.member_id, IgnoredPerson.person_hash == person_hash
        )
    )
