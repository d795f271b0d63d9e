"""Applied clicks, by nonce: a replay or a double click writes nothing.

The state a click on Log needs before Gmail is asked for the message is read here in one round trip.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from backend.domain.ids import MailboxId, MessageId
from backend.domain.people.actor import Actor, Membership
from backend.store.asking import fetch
from backend.store.session import Store
from backend.store.statements import BoundStatement, optional, sql, statement

CLAIM = optional(
    """
INSERT INTO clicks (workspace_id, nonce, action, member_id, clicked_at)
VALUES (CAST(%(workspace_id)s AS bigint), %(nonce)s, %(action)s, CAST(%(member_id)s AS bigint),
        %(clicked_at)s)
ON CONFLICT DO NOTHING RETURNING to_json(nonce)
""",
    str,
)


@dataclass(frozen=True, kw_only=True)
class Before:
    """The state before the click.

    `member` is who clicks, as they are now; `mailbox_id` their own mailbox, connected or not;
    `message_id` the message whose open copy is in a mailbox of theirs; `done` whether this very
    click was applied already.
    """

    member: Membership | None
    mailbox_id: MailboxId | None
    message_id: MessageId | None
    done: bool


BEFORE = statement(sql("before_click"), Before)


def before(store: Store, actor: Actor, *, gmail_id: str, nonce: str) -> Before:
    """Look before the click is carried out."""
    asked = BEFORE.bind(member_id=str(actor.member_id), gmail_id=gmail_id, nonce=nonce)
    return store.read(actor.workspace_id, asked)


def claim(actor: Actor, nonce: str, *, action: str, now: datetime) -> BoundStatement[str | None]:
    """A statement that answers the nonce to the first to claim it, and nothing to others.

    A second transaction with the same nonce waits here until the first has ended.
    """
    return CLAIM.bind(
        workspace_id=str(actor.workspace_id),
        nonce=nonce,
        action=action,
        member_id=str(actor.member_id),
        clicked_at=now,
    )


def is_first(session: Session, actor: Actor, nonce: str, *, action: str, now: datetime) -> bool:
    """Claim the nonce. False when the click was carried out before."""
    return fetch(session, claim(actor, nonce, action=action, now=now)) is not None
