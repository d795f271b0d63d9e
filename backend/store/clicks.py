"""Applied clicks, by nonce: a replay or a double click writes nothing.

The state a click on Log needs before Gmail is asked for the message is read here in one round trip.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from backend.domain.ids import MailboxId, MessageId
from backend.domain.people.actor import Actor
from backend.store.asking import fetch_values
from backend.store.session import Store
from backend.store.statements import Asked, Statement

CLAIM = Statement("""
INSERT INTO clicks (workspace_id, nonce, action, member_id, clicked_at)
VALUES (CAST(%(workspace_id)s AS bigint), %(nonce)s, %(action)s, CAST(%(member_id)s AS bigint),
        %(clicked_at)s)
ON CONFLICT DO NOTHING RETURNING nonce
""")
BEFORE = Statement("""
SELECT json_build_object(
  'member', (
    SELECT json_build_object('email', t.email, 'name', t.name, 'role', t.role,
             'time_zone', t.time_zone)
      FROM team_members t WHERE t.id = m.id AND t.deactivated_at IS NULL),
  'mailbox', (
    SELECT b.id FROM mailboxes b WHERE b.owner_id = m.id ORDER BY b.id DESC LIMIT 1),
  'message', (
    SELECT c.message_id FROM message_copies c
     WHERE c.mailbox_id = ANY(ARRAY(SELECT b.id FROM mailboxes b WHERE b.owner_id = m.id))
       AND c.gmail_id = %(gmail_id)s LIMIT 1),
  'done', EXISTS (SELECT FROM clicks k WHERE k.nonce = %(nonce)s))
  FROM (SELECT CAST(%(member_id)s AS bigint) AS id) m
""")


@dataclass(frozen=True, kw_only=True)
class Before:
    """The state before the click.

    `member` is who clicks, as they are now; `mailbox_id` their own mailbox, connected or not;
    `message_id` the message whose open copy is in a mailbox of theirs; `done` whether this very
    click was applied already.
    """

    member: Mapping[str, Any] | None
    mailbox_id: MailboxId | None
    message_id: MessageId | None
    done: bool


def before(store: Store, actor: Actor, *, gmail_id: str, nonce: str) -> Before:
    """Read the state before the click is applied."""
    asked = {"member_id": str(actor.member_id), "gmail_id": gmail_id, "nonce": nonce}
    (found,) = store.read(actor.workspace_id, (BEFORE, asked))
    return Before(
        member=found["member"],
        mailbox_id=MailboxId(found["mailbox"]) if found["mailbox"] is not None else None,
        message_id=MessageId(found["message"]) if found["message"] is not None else None,
        done=found["done"],
    )


def claim(actor: Actor, nonce: str, *, action: str, now: datetime) -> Asked:
    """A statement that returns the nonce to the first caller, and nothing to others.

    A second transaction with the same nonce waits here until the first has ended.
    """
    return CLAIM, {
        "workspace_id": str(actor.workspace_id),
        "nonce": nonce,
        "action": action,
        "member_id": str(actor.member_id),
        "clicked_at": now,
    }


def is_first(session: Session, actor: Actor, nonce: str, *, action: str, now: datetime) -> bool:
    """Claim the nonce. False when the click was applied before."""
    (claimed,) = fetch_values(session, claim(actor, nonce, action=action, now=now))
    return claimed is not None
