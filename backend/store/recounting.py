"""Recomputes a conversation and its people after a message was taken out or put back.

Separate from filing, which only adds and so moves times forward; here they are recomputed from the
messages in the timeline.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

from backend.domain.ids import ConversationId

STANDING = """
  SELECT m.* FROM messages m
    JOIN log_entries l ON l.message_id = m.id AND l.removed_at IS NULL
   WHERE m.conversation_id = :conversation
"""
COUNTERS = text(f"""
UPDATE conversations v
   SET message_count = x.number,
       first_message_at = coalesce(x.first, v.first_message_at),
       last_message_at = coalesce(x.last, v.last_message_at),
       last_inbound_at = x.inbound
  FROM (SELECT count(*) AS number, min(s.sent_at) AS first, max(s.sent_at) AS last,
               max(s.sent_at) FILTER (WHERE NOT s.outgoing AND s.mail_kind = 'human') AS inbound
          FROM ({STANDING}) s) x
 WHERE v.id = :conversation
""")  # noqa: S608 - only our own text is put together
CONTACTS = (
    text(f"""
INSERT INTO conversation_contacts (workspace_id, conversation_id, contact_id, last_message_at)
SELECT s.workspace_id, s.conversation_id, p.contact_id, max(s.sent_at)
  FROM ({STANDING}) s
  JOIN participants p ON p.message_id = s.id AND p.contact_id IS NOT NULL
 GROUP BY 1, 2, 3
ON CONFLICT (conversation_id, contact_id) DO UPDATE SET last_message_at = excluded.last_message_at
"""),  # noqa: S608
    text(f"""
DELETE FROM conversation_contacts k
 WHERE k.conversation_id = :conversation AND NOT EXISTS (
   SELECT FROM ({STANDING}) s JOIN participants p ON p.message_id = s.id
    WHERE p.contact_id = k.contact_id OR EXISTS (
      SELECT FROM contact_addresses a
       WHERE a.contact_id = k.contact_id AND a.key = lower(p.address)))
"""),  # noqa: S608
)
ACCOUNTS = (
    text(f"""
INSERT INTO conversation_accounts (workspace_id, conversation_id, account_id, because_address,
                                   because_role, last_message_at)
SELECT DISTINCT ON (x.account_id) s.workspace_id, s.conversation_id, x.account_id,
       lower(p.address), p.role, max(s.sent_at) OVER (PARTITION BY x.account_id)
  FROM ({STANDING}) s
  JOIN participants p ON p.message_id = s.id AND p.contact_id IS NOT NULL
  JOIN account_contacts x ON x.contact_id = p.contact_id
 ORDER BY x.account_id, s.sent_at, s.id, p.role = 'from' DESC, p.position
ON CONFLICT (conversation_id, account_id) DO UPDATE SET last_message_at = excluded.last_message_at
"""),  # noqa: S608
    text(f"""
DELETE FROM conversation_accounts k
 WHERE k.conversation_id = :conversation AND NOT EXISTS (
   SELECT FROM conversation_contacts c JOIN account_contacts x ON x.contact_id = c.contact_id
    WHERE c.conversation_id = k.conversation_id AND x.account_id = k.account_id)
   AND NOT EXISTS (
   SELECT FROM ({STANDING}) s JOIN participants p ON p.message_id = s.id
    WHERE p.contact_id IS NULL
      AND split_part(lower(p.address), '@', 2) = split_part(k.because_address, '@', 2)
      AND EXISTS (SELECT FROM policies q WHERE q.name = 'match.by_domain'))
"""),  # noqa: S608
)
CONTACT_TIMES = text("""
UPDATE contacts c
   SET last_interaction_at = (
         SELECT max(k.last_message_at) FROM conversation_contacts k WHERE k.contact_id = c.id),
       last_reply_at = (
         SELECT max(m.sent_at) FROM participants p
           JOIN messages m ON m.id = p.message_id
           JOIN log_entries l ON l.message_id = m.id AND l.removed_at IS NULL
          WHERE p.contact_id = c.id AND p.role = 'from' AND NOT m.outgoing
            AND m.mail_kind = 'human')
 WHERE c.id = ANY(:contacts) AND (c.last_interaction_at = :at OR c.last_reply_at = :at
                                  OR c.last_interaction_at < :at OR c.last_interaction_at IS NULL)
""")
# What `People.touched` computes for one message, for all in the accounts' conversations.
ACCOUNT_TIMES = text("""
WITH concerned AS (
  SELECT a.id FROM accounts a
   WHERE a.id IN (SELECT x.account_id FROM account_contacts x WHERE x.contact_id = ANY(:contacts))
     AND (a.last_interaction_at = :at OR a.last_reply_at = :at
          OR a.last_interaction_at < :at OR a.last_interaction_at IS NULL)),
named AS (
  SELECT m.id, m.sent_at, k.account_id, lower(p.address) AS address, p.role
    FROM conversation_accounts k
    JOIN messages m ON m.conversation_id = k.conversation_id
    JOIN log_entries l ON l.message_id = m.id AND l.removed_at IS NULL
    JOIN participants p ON p.message_id = m.id
   WHERE k.conversation_id IN (SELECT o.conversation_id FROM conversation_accounts o
                                WHERE o.account_id IN (SELECT id FROM concerned))
     AND (EXISTS (SELECT FROM account_contacts x
                   WHERE x.account_id = k.account_id AND x.contact_id = p.contact_id)
       OR p.contact_id IS NULL
      AND split_part(lower(p.address), '@', 2) = split_part(k.because_address, '@', 2)
      AND EXISTS (SELECT FROM policies q WHERE q.name = 'match.by_domain'))),
touched AS (
  SELECT n.account_id, max(n.sent_at) AS at FROM named n
   WHERE n.role IN ('from', 'to', 'reply_to') OR NOT EXISTS (
     SELECT FROM named o WHERE o.id = n.id AND o.account_id <> n.account_id
                           AND o.address <> n.address)
   GROUP BY 1)
UPDATE accounts a
   SET last_interaction_at = (SELECT t.at FROM touched t WHERE t.account_id = a.id),
       last_reply_at = (
         SELECT max(c.last_reply_at) FROM account_contacts x JOIN contacts c ON c.id = x.contact_id
          WHERE x.account_id = a.id)
 WHERE a.id IN (SELECT id FROM concerned)
""")


def recount(
    session: Session, conversation_id: ConversationId, contacts: Sequence[int], at: datetime
) -> None:
    """Recompute what a message sent at `at`, with these contacts on it, could have moved."""
    for statement in (COUNTERS, *CONTACTS, *ACCOUNTS):
        session.execute(statement, {"conversation": conversation_id})
    for statement in (CONTACT_TIMES, ACCOUNT_TIMES):
        session.execute(statement, {"contacts": list(contacts), "at": at})
