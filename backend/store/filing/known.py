"""What the workspace has already of a batch's messages and threads, and fresh ids for the rest.

One statement, asked right behind the lock: it sees what the filing before it committed.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from backend.domain.ids import ContactId, ConversationId, MessageId, WorkspaceId
from backend.domain.mail.address import address_key
from backend.domain.people.team import Team
from backend.domain.threads.ties import Party
from backend.store.asking import as_json, fetch_values
from backend.store.filing.item import Filing, FilingPlace
from backend.store.statements import Asked, Statement

LOCK = Statement("SELECT pg_advisory_xact_lock(4711, CAST(%(workspace)s AS integer))")
"""One transaction at a time files in a workspace, or takes out (the first number only names the
purpose): both count what a conversation holds.
"""

GIVEN = "CAST(%(asked)s AS json)"
READ_BACK = 100
"""Of a conversation's mails, how many of the newest are asked who is on them."""
KNOWN = Statement(f"""
WITH same AS MATERIALIZED (
  SELECT encode(m.identity, 'hex') AS identity, m.id, m.conversation_id
    FROM messages m WHERE m.identity = ANY(ARRAY(
      SELECT decode(x, 'hex') FROM json_array_elements_text({GIVEN}->'identities') x))),
threads AS MATERIALIZED (
  SELECT g.thread_id, g.conversation_id, (
           SELECT v.last_message_at FROM conversations v WHERE v.id = g.conversation_id
         ) AS last_message_at
    FROM gmail_threads g
   WHERE g.mailbox_id = CAST({GIVEN}->>'mailbox' AS bigint)
     AND g.thread_id = ANY(ARRAY(SELECT json_array_elements_text({GIVEN}->'threads')))),
keys AS MATERIALIZED (
  SELECT t.rfc_id, t.conversation_id
    FROM thread_ids t
   WHERE t.rfc_id = ANY(ARRAY(SELECT json_array_elements_text({GIVEN}->'keys')))),
bearers AS MATERIALIZED (
  SELECT m.rfc_id, m.conversation_id, encode(m.identity, 'hex') AS identity
    FROM messages m
   WHERE m.rfc_id = ANY(ARRAY(SELECT json_array_elements_text({GIVEN}->'keys')))),
sends AS MATERIALIZED (
  SELECT p.id, p.conversation_id
    FROM pending_messages p
   WHERE p.id = ANY(CAST(ARRAY(SELECT json_array_elements_text({GIVEN}->'sends')) AS uuid[]))),
led AS MATERIALIZED (
  SELECT conversation_id FROM same UNION SELECT conversation_id FROM threads
   UNION SELECT conversation_id FROM keys UNION SELECT conversation_id FROM bearers
   UNION SELECT conversation_id FROM sends),
recent AS MATERIALIZED (
  SELECT n.conversation_id, n.id
    FROM led l CROSS JOIN LATERAL (
      SELECT m.conversation_id, m.id FROM messages m
       WHERE m.conversation_id = l.conversation_id
       ORDER BY m.sent_at DESC, m.id DESC LIMIT {READ_BACK}) n)
SELECT json_build_object(
  'messages', (SELECT json_agg(json_build_array(identity, id, conversation_id)) FROM same),
  'threads', (
    SELECT json_agg(json_build_array(thread_id, conversation_id)
                    ORDER BY last_message_at DESC, conversation_id) FROM threads),
  'followed', (
    SELECT json_agg(v.id) FROM conversations v
     WHERE v.id = ANY(ARRAY(SELECT conversation_id FROM led)) AND v.followed_at IS NOT NULL),
  'keys', (SELECT json_object_agg(rfc_id, conversation_id) FROM keys),
  'bearers', (SELECT json_agg(json_build_array(rfc_id, identity, conversation_id)) FROM bearers),
  'sends', (SELECT json_object_agg(id, conversation_id) FROM sends),
  'people', (
    SELECT json_agg(json_build_array(x.conversation_id, x.address, x.addressed))
      FROM (SELECT r.conversation_id, lower(p.address) AS address,
                   bool_or(p.role <> 'from') AS addressed
              FROM recent r CROSS JOIN LATERAL (
                SELECT q.address, q.role FROM participants q WHERE q.message_id = r.id OFFSET 0) p
             WHERE p.address <> ''
             GROUP BY 1, 2) x),
  'contacts', (
    SELECT json_agg(json_build_array(k.conversation_id, k.contact_id))
      FROM conversation_contacts k
     WHERE k.conversation_id = ANY(ARRAY(SELECT conversation_id FROM led))
       AND k.contact_id = ANY(ARRAY(
             SELECT CAST(c AS bigint) FROM json_array_elements_text({GIVEN}->'contacts') c))),
  'apart', (
    SELECT json_agg(json_build_array(s.conversation_id, s.other_id))
      FROM conversation_changes s
     WHERE s.conversation_id = ANY(ARRAY(SELECT conversation_id FROM led))
       AND s.kind = 'split' AND s.undone_at IS NULL),
  'fresh', (
    SELECT json_agg(json_build_array(nextval(pg_get_serial_sequence('messages', 'id')),
                                     nextval(pg_get_serial_sequence('conversations', 'id'))))
      FROM generate_series(1, CAST({GIVEN}->>'most' AS integer)))
)
""")  # noqa: S608 - only our own text is put together


@dataclass(frozen=True, kw_only=True)
class Known:
    """Messages by identity, with their conversations; conversations by Gmail's thread id (the
    latest first), by Message-ID seen or cited, and by the id of pending mail written in them.

    `bearers` are the messages that have a Message-ID, as identity and conversation: several when it
    was used more than once. `parties` has who is on these conversations, `followed` which of them
    somebody follows, and `apart` the pairs that somebody took apart. Of the fresh ids, those not
    used are lost, which costs nothing.
    """

    messages: Mapping[bytes, MessageId]
    homes: Mapping[bytes, ConversationId]
    threads: Mapping[str, Sequence[ConversationId]]
    followed: frozenset[ConversationId]
    keys: Mapping[str, ConversationId]
    bearers: Mapping[str, Mapping[bytes, ConversationId]]
    sends: Mapping[str, ConversationId]
    parties: Mapping[ConversationId, Party]
    apart: frozenset[frozenset[ConversationId]]
    message_ids: list[MessageId]
    conversation_ids: list[ConversationId]


def wait_for_filing(session: Session, workspace_id: WorkspaceId) -> None:
    """Be the only one who files or takes out mail of the workspace, until the transaction ends.

    Whoever takes mail out asks this before it locks a row: filing locks them in that order.
    """
    fetch_values(session, lock(workspace_id))


def lock(workspace_id: WorkspaceId) -> Asked:
    """The statement that waits."""
    return LOCK, {"workspace": str(workspace_id % 2**31)}


def lock_and_look(session: Session, place: FilingPlace, items: Sequence[Filing]) -> Known:
    """Wait until no other filing of the workspace is under way, then look."""
    asked = {
        "mailbox": place.mailbox_id,
        "most": len(items),
        "identities": sorted({item.identity.hex() for item in items}),
        "threads": sorted({item.thread_id for item in items if item.thread_id}),
        "keys": sorted({key for item in items for key in item.keys}),
        "sends": sorted({str(item.send_id) for item in items if item.send_id}),
        "contacts": sorted({one for item in items for one in item.ties.party.contacts}),
    }
    _, found = fetch_values(session, lock(place.workspace_id), (KNOWN, {"asked": as_json(asked)}))
    messages = found["messages"] or ()
    return Known(
        messages={bytes.fromhex(identity): i for identity, i, _ in messages},
        homes={bytes.fromhex(identity): home for identity, _, home in messages},
        threads=grouped(found["threads"] or ()),
        followed=frozenset(found["followed"] or ()),
        keys=found["keys"] or {},
        bearers=borne(found["bearers"] or ()),
        sends={one: at for one, at in (found["sends"] or {}).items() if at is not None},
        parties=parties(found["people"] or (), found["contacts"] or (), place.team),
        apart=frozenset(frozenset(pair) for pair in found["apart"] or ()),
        message_ids=[message_id for message_id, _ in found["fresh"]],
        conversation_ids=[conversation_id for _, conversation_id in found["fresh"]],
    )


def grouped(pairs: Iterable[tuple[str, ConversationId]]) -> dict[str, list[ConversationId]]:
    """The values of each key, in the order given."""
    found: dict[str, list[ConversationId]] = {}
    for key, value in pairs:
        found.setdefault(key, []).append(value)
    return found


def borne(
    rows: Iterable[tuple[str, str, ConversationId]],
) -> dict[str, dict[bytes, ConversationId]]:
    """Which messages have each Message-ID, and in which conversation."""
    found: dict[str, dict[bytes, ConversationId]] = {}
    for rfc_id, identity, conversation_id in rows:
        found.setdefault(rfc_id, {})[bytes.fromhex(identity)] = conversation_id
    return found


def parties(
    people: Iterable[tuple[ConversationId, str, bool]],
    contacts: Iterable[tuple[ConversationId, ContactId]],
    team: Team,
) -> dict[ConversationId, Party]:
    """Who is on each conversation besides us."""
    keys: dict[ConversationId, set[str]] = defaultdict(set)
    addressed: dict[ConversationId, set[str]] = defaultdict(set)
    known: dict[ConversationId, set[ContactId]] = defaultdict(set)
    for at, address, written in people:
        key = address_key(address)
        if key and not team.owns(key):
            keys[at].add(key)
            addressed[at].update([key] if written else ())
    for at, contact_id in contacts:
        known[at].add(contact_id)
    return {
        at: Party(frozenset(keys[at]), frozenset(known[at]), frozenset(addressed[at]))
        for at in {*keys, *known}
    }
