"""Traits of accounts, their values, and the mail domains among those.

The domains have rows of their own, so that mail finds its accounts by an index.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from backend.domain.customers.account_traits import domains_in
from backend.domain.ids import AccountId
from backend.domain.people.actor import Actor
from backend.store.asking import as_json
from backend.store.bulk import write_rows
from backend.store.models import AccountTrait, AccountTraitDomain, AccountTraitValue

GIVEN = """json_to_recordset(CAST(:rows AS json))
       AS r(trait_id bigint, account_id bigint, value text)"""
NOW = text(f"""
SELECT v.trait_id, v.account_id, v.value FROM account_trait_values v JOIN {GIVEN}
    ON v.trait_id = r.trait_id AND v.account_id = r.account_id""")  # noqa: S608
FORGET = text(f"""
DELETE FROM account_trait_values v USING {GIVEN}
 WHERE v.trait_id = r.trait_id AND v.account_id = r.account_id AND r.value = ''
RETURNING v.trait_id, v.account_id""")  # noqa: S608 - only our own text
PUT = text(f"""
INSERT INTO account_trait_values AS v (workspace_id, trait_id, account_id, value, set_at)
SELECT :workspace_id, r.trait_id, r.account_id, r.value, :now FROM {GIVEN} WHERE r.value <> ''
ON CONFLICT (trait_id, account_id) DO UPDATE SET value = excluded.value, set_at = excluded.set_at
 WHERE v.value <> excluded.value
RETURNING v.trait_id, v.account_id""")  # noqa: S608
FORGET_DOMAINS = text(f"""
DELETE FROM account_trait_domains d USING {GIVEN}
 WHERE d.trait_id = r.trait_id AND d.account_id = r.account_id""")  # noqa: S608


@dataclass(frozen=True)
class Said:
    """A trait's value for an account; an empty value removes it."""

    trait_id: int
    account_id: AccountId
    value: str


def names(session: Session) -> Mapping[str, int]:
    """The ids of all traits by name, in order of the names."""
    query = select(AccountTrait.name, AccountTrait.id).order_by(AccountTrait.name_key)
    return dict(session.execute(query).all())


def filled(session: Session) -> Mapping[int, int]:
    """For how many accounts each trait has a value."""
    query = select(AccountTraitValue.trait_id, func.count()).group_by(AccountTraitValue.trait_id)
    return dict(session.execute(query).all())


def values(session: Session, account_id: AccountId) -> Mapping[int, str]:
    """The values of one account, by trait."""
    query = select(AccountTraitValue.trait_id, AccountTraitValue.value).where(
        AccountTraitValue.account_id == account_id
    )
    return dict(session.execute(query).all())


def add(session: Session, actor: Actor, name: str, now: datetime) -> bool:
    """Add a trait. False when one of this name exists, in any case."""
    added = session.execute(
        insert(AccountTrait)
        .values(
            workspace_id=actor.workspace_id,
            name=name,
            created_at=now,
            created_by=actor.member_id,
        )
        .on_conflict_do_nothing()
        .returning(AccountTrait.id)
    )
    return added.scalar() is not None


def remove(session: Session, trait_id: int) -> None:
    """Delete a trait with all its values."""
    session.execute(delete(AccountTrait).where(AccountTrait.id == trait_id))


def said_now(session: Session, said: Sequence[Said]) -> Mapping[tuple[int, int], str]:
    """The present values of these traits and accounts, without empty ones."""
    pairs = {(one.trait_id, one.account_id) for one in said}
    rows = as_json([{"trait_id": trait, "account_id": account} for trait, account in pairs])
    return {
        (trait_id, account_id): value
        for trait_id, account_id, value in session.execute(NOW, {"rows": rows})
    }


def put(
    session: Session, actor: Actor, said: Sequence[Said], now: datetime
) -> set[tuple[int, int]]:
    """Upsert trait values; the last of several for one account wins. Returns (trait, account) of
    those that changed.
    """
    last = {(one.trait_id, one.account_id): one.value for one in said}
    if not last:
        return set()
    common = {"workspace_id": actor.workspace_id, "now": now}
    changed = {
        (trait_id, account_id)
        for statement in (FORGET, PUT)
        for trait_id, account_id in session.execute(statement, {"rows": _rows(last), **common})
    }
    known = {pair: value for pair, value in last.items() if pair in changed}
    if known:
        session.execute(FORGET_DOMAINS, {"rows": _rows(known)})
    rows = [
        {
            "workspace_id": actor.workspace_id,
            "trait_id": trait_id,
            "account_id": account_id,
            "domain": domain,
        }
        for (trait_id, account_id), value in known.items()
        for domain in domains_in(value)
    ]
    if rows:
        write_rows(session, AccountTraitDomain, rows, "ON CONFLICT DO NOTHING")
    return changed


def _rows(said: Mapping[tuple[int, AccountId], str]) -> str:
    return as_json(
        [
            {"trait_id": trait_id, "account_id": account_id, "value": value}
            for (trait_id, account_id), value in said.items()
        ]
    )
