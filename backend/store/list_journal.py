"""The journal of one batch of a customer list, and its undo where nobody changed the rows since.

Everything is compared with what the batch wrote, so that a person's later change is never lost: a
contact or account that somebody changed, or that has mail, notes or people by now, stays, and its
name is reported.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import TextClause, text
from sqlalchemy.orm import Session

from backend.domain.ids import AccountId
from backend.domain.people.actor import Actor
from backend.store.account_traits import Said, put, said_now
from backend.store.asking import as_json

Row = Mapping[str, object]


@dataclass(kw_only=True)
class Journal:
    """Rows as written. Changed ones are (old, new) pairs. `contacts` have the `key` of
    their first address; `addresses` are (contact, key), `memberships` (account, contact), `traits`
    (trait, account, before, after), `stopped` keyed hashes.
    """

    accounts: list[Row] = field(default_factory=list)
    changed_accounts: list[tuple[Row, Row]] = field(default_factory=list)
    contacts: list[Row] = field(default_factory=list)
    changed_contacts: list[tuple[Row, Row]] = field(default_factory=list)
    addresses: list[tuple[int, str]] = field(default_factory=list)
    memberships: list[tuple[int, int]] = field(default_factory=list)
    traits: list[tuple[int, int, str, str]] = field(default_factory=list)
    stopped: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Kept:
    """Something that an undo keeps, and why."""

    kind: str
    id: int
    name: str
    why: str


TOUCHED_CONTACTS = text("""
WITH was AS (
  SELECT * FROM json_to_recordset(CAST(:contacts AS json))
    AS r(id bigint, name text, title text, assigned_to bigint, key text)),
more AS (
  SELECT (one->>0)::bigint AS contact_id, one->>1 AS key
    FROM json_array_elements(CAST(:addresses AS json)) one),
places AS (
  SELECT (one->>0)::bigint AS account_id, (one->>1)::bigint AS contact_id
    FROM json_array_elements(CAST(:memberships AS json)) one)
SELECT id, name, why FROM (
  SELECT c.id, c.name, CASE
    WHEN (c.name, c.title, c.assigned_to) IS DISTINCT FROM (w.name, w.title, w.assigned_to)
      THEN 'changed'
    WHEN EXISTS (SELECT FROM contact_addresses a WHERE a.contact_id = c.id AND a.key <> w.key
                   AND NOT EXISTS (SELECT FROM more
                                    WHERE more.contact_id = c.id AND more.key = a.key))
      THEN 'changed'
    WHEN EXISTS (SELECT FROM account_contacts m WHERE m.contact_id = c.id
                   AND m.workspace_id = c.workspace_id
                   AND NOT EXISTS (SELECT FROM places p WHERE p.contact_id = c.id
                                      AND p.account_id = m.account_id))
      THEN 'changed'
    WHEN EXISTS (SELECT FROM notes n WHERE n.contact_id = c.id
                   AND n.workspace_id = c.workspace_id) THEN 'notes'
    WHEN EXISTS (SELECT FROM conversation_contacts o WHERE o.contact_id = c.id
                   AND o.workspace_id = c.workspace_id)
      OR EXISTS (SELECT FROM participants p WHERE p.contact_id = c.id
                    AND p.workspace_id = c.workspace_id) THEN 'mail'
    WHEN EXISTS (SELECT FROM pending_recipients p WHERE p.contact_id = c.id) THEN 'mail'
  END AS why
  FROM contacts c JOIN was w ON w.id = c.id) found
 WHERE why IS NOT NULL""")
LOCK_CONTACTS = text("SELECT id FROM contacts WHERE id = ANY(:ids) ORDER BY id FOR UPDATE")
LOCK_ACCOUNTS = text("SELECT id FROM accounts WHERE id = ANY(:ids) ORDER BY id FOR UPDATE")
DROP_CONTACTS = text("DELETE FROM contacts WHERE id = ANY(:ids) RETURNING id")
DROP_ADDRESSES = text("""
DELETE FROM contact_addresses a USING json_array_elements(CAST(:pairs AS json)) one
 WHERE a.contact_id = (one->>0)::bigint AND a.key = one->>1 AND NOT a.is_primary""")
DROP_MEMBERSHIPS = text("""
DELETE FROM account_contacts m USING json_array_elements(CAST(:pairs AS json)) one
 WHERE m.account_id = (one->>0)::bigint AND m.contact_id = (one->>1)::bigint""")
SUBSCRIBE = text("""
UPDATE suppressions SET ended_at = :now
 WHERE address_hash = ANY(:hashes) AND reason = 'unsubscribed' AND ended_at IS NULL
   AND pending_id IS NULL""")
TOUCHED_ACCOUNTS = text("""
WITH was AS (
  SELECT * FROM json_to_recordset(CAST(:accounts AS json))
    AS r(id bigint, name text, domain text, csm_id bigint, ae_id bigint, plan text, health int,
         renews_on date))
SELECT id, name, why FROM (
  SELECT a.id, a.name, CASE
    WHEN (a.name, a.domain, a.csm_id, a.ae_id, a.plan, a.health, a.renews_on)
      IS DISTINCT FROM (w.name, w.domain, w.csm_id, w.ae_id, w.plan, w.health, w.renews_on)
      THEN 'changed'
    WHEN EXISTS (SELECT FROM account_contacts m WHERE m.account_id = a.id) THEN 'people'
    WHEN EXISTS (SELECT FROM notes n WHERE n.account_id = a.id
                    AND n.workspace_id = a.workspace_id) THEN 'notes'
    WHEN EXISTS (SELECT FROM conversation_accounts o WHERE o.account_id = a.id
                    AND o.workspace_id = a.workspace_id) THEN 'mail'
    WHEN EXISTS (SELECT FROM account_trait_values v WHERE v.account_id = a.id
                    AND v.workspace_id = a.workspace_id) THEN 'changed'
  END AS why
  FROM accounts a JOIN was w ON w.id = a.id) found
 WHERE why IS NOT NULL""")
DROP_ACCOUNTS = text("DELETE FROM accounts WHERE id = ANY(:ids) RETURNING id")


def restoring(table: str, columns: Mapping[str, str]) -> TextClause:
    """The statement that restores columns which are unchanged since; it returns rows with a column
    that has changed.
    """
    typed = ", ".join(f"b_{name} {kind}, a_{name} {kind}" for name, kind in columns.items())
    back = ", ".join(
        f"{name} = CASE WHEN t.{name} IS NOT DISTINCT FROM r.a_{name} THEN r.b_{name}"
        f" ELSE t.{name} END"
        for name in columns
    )
    other = " OR ".join(
        f"(r.a_{name} IS DISTINCT FROM r.b_{name} AND old.{name} IS DISTINCT FROM r.a_{name})"
        for name in columns
    )
    return text(f"""
UPDATE {table} t SET {back}
  FROM json_to_recordset(CAST(:rows AS json)) AS r(id bigint, {typed}),
       (SELECT * FROM {table} WHERE id = ANY(:ids) ORDER BY id FOR UPDATE) old
 WHERE t.id = r.id AND old.id = r.id
RETURNING t.id, t.name, ({other}) AS other""")  # noqa: S608 - names of our own columns


RESTORE_CONTACTS = restoring("contacts", {"name": "text", "title": "text", "assigned_to": "bigint"})
RESTORE_ACCOUNTS = restoring(
    "accounts",
    {
        "domain": "text",
        "csm_id": "bigint",
        "ae_id": "bigint",
        "plan": "text",
        "health": "int",
        "renews_on": "date",
    },
)


def take_back(session: Session, actor: Actor, journal: Journal, now: datetime) -> list[Kept]:
    """Undo a batch. Returns what stays because it has changed since."""
    kept = _contacts(session, journal)
    session.execute(
        SUBSCRIBE, {"hashes": [bytes.fromhex(one) for one in journal.stopped], "now": now}
    )
    kept += _restored(session, RESTORE_CONTACTS, "contact", journal.changed_contacts)
    _traits(session, actor, journal, now)
    kept += _restored(session, RESTORE_ACCOUNTS, "account", journal.changed_accounts)
    return kept + _accounts(session, journal)


def _contacts(session: Session, journal: Journal) -> list[Kept]:
    """New contacts are deleted, and known ones lose what the batch added."""
    ids = [row["id"] for row in journal.contacts]
    session.execute(LOCK_CONTACTS, {"ids": ids})
    told = {
        "contacts": as_json(journal.contacts),
        "addresses": as_json(journal.addresses),
        "memberships": as_json(journal.memberships),
    }
    kept = [Kept("contact", *row) for row in session.execute(TOUCHED_CONTACTS, told)]
    stay = {one.id for one in kept}
    session.execute(DROP_CONTACTS, {"ids": [one for one in ids if one not in stay]})
    more = [pair for pair in journal.addresses if pair[0] not in stay]
    session.execute(DROP_ADDRESSES, {"pairs": as_json(more)})
    places = [pair for pair in journal.memberships if pair[1] not in stay]
    session.execute(DROP_MEMBERSHIPS, {"pairs": as_json(places)})
    return kept


def _accounts(session: Session, journal: Journal) -> list[Kept]:
    ids = [row["id"] for row in journal.accounts]
    session.execute(LOCK_ACCOUNTS, {"ids": ids})
    found = session.execute(TOUCHED_ACCOUNTS, {"accounts": as_json(journal.accounts)})
    kept = [Kept("account", *row) for row in found]
    stay = {one.id for one in kept}
    session.execute(DROP_ACCOUNTS, {"ids": [one for one in ids if one not in stay]})
    return kept


def _restored(
    session: Session, statement: TextClause, kind: str, pairs: Sequence[tuple[Row, Row]]
) -> list[Kept]:
    if not pairs:
        return []
    rows = [
        {
            "id": after["id"],
            **{f"b_{name}": value for name, value in before.items()},
            **{f"a_{name}": value for name, value in after.items()},
        }
        for before, after in pairs
    ]
    ids = [row["id"] for row in rows]
    found = session.execute(statement, {"rows": as_json(rows), "ids": ids})
    return [Kept(kind, row.id, row.name, "changed") for row in found if row.other]


def _traits(session: Session, actor: Actor, journal: Journal, now: datetime) -> None:
    """Restore trait values; one that has changed since is left."""
    said = {(trait, account): (before, after) for trait, account, before, after in journal.traits}
    written = [Said(trait, AccountId(one), after) for (trait, one), (_, after) in said.items()]
    today = said_now(session, written) if written else {}
    back = [
        Said(trait, AccountId(account), before)
        for (trait, account), (before, after) in said.items()
        if today.get((trait, account), "") == after
    ]
    put(session, actor, back, now)
