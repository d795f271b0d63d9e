"""What the home card asks about one member's day: what leaves, and what waits for the member."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from backend.domain.ids import ConversationId, MemberId
from backend.domain.sending.pending import PendingState
from backend.store.models import Mailbox, PendingMessage, Workspace


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """Somebody who did not answer, since when."""

    at: datetime
    name: str
    account_name: str | None
    conversation_id: ConversationId


# The newest message of the conversation is ours, and nobody has written since.
UNANSWERED = text("""
SELECT v.id, v.last_message_at AS at, c.name,
       (SELECT a.name FROM account_contacts x JOIN accounts a ON a.id = x.account_id
         WHERE x.contact_id = c.id ORDER BY x.since, a.id LIMIT 1) AS account_name
  FROM conversations v
  JOIN contacts c ON c.id = coalesce(v.owner_contact_id, (
         SELECT k.contact_id FROM conversation_contacts k
          WHERE k.conversation_id = v.id ORDER BY k.contact_id LIMIT 1))
 WHERE v.last_message_at BETWEEN :since AND :until AND v.message_count > 0
   AND (v.last_inbound_at IS NULL OR v.last_inbound_at < v.last_message_at)
   AND (SELECT m.outgoing FROM messages m WHERE m.conversation_id = v.id
         ORDER BY m.sent_at DESC, m.id DESC LIMIT 1)
   AND EXISTS (SELECT FROM gmail_threads g JOIN mailboxes b ON b.id = g.mailbox_id
                WHERE g.conversation_id = v.id AND b.owner_id = :member_id)
 ORDER BY v.last_message_at DESC LIMIT :most
""")


def gmail_is_enabled(session: Session) -> bool:
    """Whether somebody switched Gmail on for the workspace."""
    return session.scalar(select(Workspace.gmail_enabled_at)) is not None


def leaving(session: Session, member_id: MemberId, until: datetime) -> int:
    """How many of the member's mails are expected to leave before then."""
    at = func.coalesce(PendingMessage.forecast_at, PendingMessage.not_before)
    query = (
        select(func.count())
        .select_from(PendingMessage)
        .join(Mailbox, Mailbox.id == PendingMessage.mailbox_id)
        .where(
            Mailbox.owner_id == member_id,
            PendingMessage.state == PendingState.SCHEDULED,
            at < until,
        )
    )
    return session.scalar(query) or 0


def unanswered(
    session: Session, member_id: MemberId, *, since: datetime, until: datetime, most: int
) -> Sequence[Waiting]:
    """Conversations of the member's mailbox in which we wrote last, the newest first."""
    values = {"member_id": member_id, "since": since, "until": until, "most": most}
    return [
        Waiting(
            at=row.at,
            name=row.name,
            account_name=row.account_name,
            conversation_id=ConversationId(row.id),
        )
        for row in session.execute(UNANSWERED, values)
    ]
