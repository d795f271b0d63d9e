"""What the workspace has already of a batch's messages and threads, and fresh ids for the rest.

One statement, asked right behind the lock: it sees what the filing before it committed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from backend.store.asking import as_json, values_of
from backend.store.filing.item import Filing, FilingPlace
from backend.store.statements import Asked, Statement

LOCK = Statement("SELECT pg_advisory_xact_lock(4711, CAST(%(workspace)s AS integer))")
"""One transaction at a time files in a workspace, or takes out (the first number only names the
purpose): both count what a conversation holds.
"""

GIVEN = "CAST(%(asked)s AS json)"
KNOWN = Statement(f"""
SELECT json_build_object(
  'messages', (
    SELECT json_agg(json_build_array(encode(m.identity, 'hex'), m.id))
      FROM messages m WHERE m.identity = ANY(ARRAY(
        SELECT decode(x, 'hex') FROM json_array_elements_text({GIVEN}->'identities') x))),
  'threads', (
    SELECT json_object_agg(g.thread_id, g.conversation_id)
      FROM gmail_threads g
     WHERE g.mailbox_id = CAST({GIVEN}->>'mailbox' AS bigint)
       AND g.thread_id = ANY(ARRAY(SELECT json_array_elements_text({GIVEN}->'threads')))),
  'keys', (
    SELECT json_object_agg(t.rfc_id, t.conversation_id)
      FROM thread_ids t
     WHERE t.rfc_id = ANY(ARRAY(SELECT json_array_elements_text({GIVEN}->'keys')))),
  'fresh', (
    SELECT json_agg(json_build_array(nextval(pg_get_serial_sequence('messages', 'id')),
                                     nextval(pg_get_serial_sequence('conversations', 'id'))))
      FROM generate_series(1, CAST({GIVEN}->>'most' AS integer)))
)
""")  # noqa: S608 - only our own text is put together


@dataclass(frozen=True, kw_only=True)
class Known:
    """Ids by identity, by Gmail's thread id and by Message-ID.

    Of the fresh ids, those not used are lost, which costs nothing.
    """

    messages: Mapping[bytes, int]
    threads: Mapping[str, int]
    keys: Mapping[str, int]
    message_ids: list[int]
    conversation_ids: list[int]


def wait_for_filing(session: Session, workspace_id: int) -> None:
    """Be the only one who files or takes out mail of the workspace, until the transaction ends.

    Whoever takes mail out asks this before it locks a row: filing locks them in that order.
    """
    values_of(session, lock(workspace_id))


def lock(workspace_id: int) -> Asked:
    """The statement that waits."""
    return LOCK, {"workspace": str(workspace_id % 2**31)}


def lock_and_look(session: Session, place: FilingPlace, items: Sequence[Filing]) -> Known:
    """Wait until no other filing of the workspace is under way, then look."""
    asked = {
        "mailbox": place.mailbox_id,
        "most": len(items),
        "identities": sorted({item.identity.hex() for item in items}),
        "threads": sorted({item.thread_id for item in items if item.thread_id}),
        "keys": sorted({key for item in items for key in item.thread_keys}),
    }
    _, found = values_of(session, lock(place.workspace_id), (KNOWN, {"asked": as_json(asked)}))
    return Known(
        messages={bytes.fromhex(identity): i for identity, i in found["messages"] or ()},
        threads=found["threads"] or {},
        keys=found["keys"] or {},
        message_ids=[message_id for message_id, _ in found["fresh"]],
        conversation_ids=[conversation_id for _, conversation_id in found["fresh"]],
    )
