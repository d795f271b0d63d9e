"""Creates a workspace with its first admin: by the operator's command, or by the first-run page.

The page is open to everybody who reaches the address, so it asks for a set-up code, which can only
be made on the server. It closes permanently with the first workspace.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import available_timezones

from sqlalchemy.orm import Session

from backend.deps import Deps
from backend.domain.mail.address import MAX_ADDRESS_CHARS, address_key, is_valid_address
from backend.domain.people.internal_domains import checked_domain
from backend.domain.people.names import wrong_name
from backend.domain.people.roles import Role
from backend.domain.people.setup_code import LIFETIME, RANDOM_BYTES, canonical, written
from backend.domain.people.team import own_domain
from backend.errors import Conflict, InputError, TryLater
from backend.limits.visits import visitor
from backend.store import (
    audit,
    capture_addresses,
    choices,
    setup_codes,
    team,
    team_rows,
    workspaces,
)
from backend.store.capture_addresses import Owner
from backend.store.models import SetupCode

MOST_DOMAINS = 50
MOST_TRIES, WITHIN = 20, timedelta(minutes=10)
"""How often one address may send the first-run page."""

SET_UP_ALREADY = "Rapport is set up already. Sign in, or ask an admin to invite you."
NO_CODE = "This is not the set-up code. Run “rapport doctor” on the server, which prints it."


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """A requested workspace. Without domains it gets the one of its admin's address."""

    name: str
    admin: str
    domains: Sequence[str]
    time_zone: str


@dataclass(frozen=True, kw_only=True)
class Founded:
    """The new workspace. `also_in` are other workspaces of the admin's address."""

    name: str
    admin: str
    domains: tuple[str, ...]
    also_in: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class FreshCode:
    """A set-up code, shown once; only its hash is kept."""

    code: str
    expires_at: datetime


def is_empty(deps: Deps) -> bool:
    """Whether the installation has no workspace yet."""
    with deps.store.begin_global() as session:
        return not workspaces.exists(session)


def make_code(deps: Deps) -> FreshCode | None:
    """A new set-up code, which invalidates the previous one; None once there is a workspace."""
    code = written(deps.random_bytes(RANDOM_BYTES))
    fresh = FreshCode(code=code, expires_at=deps.now() + LIFETIME)
    with deps.store.begin_global() as session:
        workspaces.one_at_a_time(session)
        if workspaces.exists(session):
            return None
        setup_codes.replace(session, canonical(code), now=deps.now(), expires=fresh.expires_at)
    return fresh


def found(deps: Deps, wanted: Wanted) -> Founded:
    """Make a workspace. Raises InputError with a sentence for each field that is wrong."""
    refuse(wrong_fields(wanted))
    with deps.store.begin_global() as session:
        workspaces.one_at_a_time(session)
        return _found(session, deps, wanted)


def found_by_code(deps: Deps, wanted: Wanted, *, code: str, caller: str) -> Founded:
    """Make the first workspace. `caller` is the address the form was sent from.

    Raises Conflict once there is a workspace, InputError for wrong fields and for an invalid code,
    and TryLater after too many attempts.
    """
    if deps.limits.count_try(f"set-up:{visitor(caller)}", within=WITHIN) > MOST_TRIES:
        raise TryLater(
            "Too many codes were tried from your address. Wait ten minutes, then try again.",
            deps.now() + WITHIN,
        )
    wrong = wrong_fields(wanted)
    with deps.store.begin_global() as session:
        workspaces.one_at_a_time(session)
        if workspaces.exists(session):
            raise Conflict(SET_UP_ALREADY)
        row = setup_codes.find(session, canonical(code))
        refused = why_not(row, deps.now())
        refuse(({"code": refused} if refused else {}) | wrong)
        if row is not None:
            row.used_at = deps.now()
        return _found(session, deps, wanted)


def why_not(row: SetupCode | None, now: datetime) -> str:
    """Why a code is invalid; empty if it is valid."""
    again = "Run “rapport doctor” on the server for a new one."
    match row:
        case None:
            return NO_CODE
        case SetupCode(used_at=datetime()):
            return f"This set-up code was used already. {again}"
        case SetupCode(replaced_at=datetime()):
            return "A newer set-up code has replaced this one. Use the newest."
        case SetupCode(expires_at=until) if until <= now:
            return f"This set-up code is older than 24 hours. {again}"
    return ""


def wrong_fields(wanted: Wanted) -> dict[str, str]:
    """A sentence for each field that cannot be used."""
    wrong = {"name": wrong_name(wanted.name, "the workspace")}
    if len(wanted.admin) > MAX_ADDRESS_CHARS or not is_valid_address(wanted.admin.strip()):
        wrong["admin"] = "This is not an email address. Write the admin's Google address."
    if len(wanted.domains) > MOST_DOMAINS:
        wrong["domains"] = f"At most {MOST_DOMAINS} domains here; add others later."
    else:
        told = dict.fromkeys(checked_domain(one).wrong for one in wanted.domains)
        wrong["domains"] = " ".join(one for one in told if one)
    if wanted.time_zone not in available_timezones():
        wrong["time_zone"] = "Choose a time zone from the list, such as Europe/Berlin."
    return {field: sentence for field, sentence in wrong.items() if sentence}


def refuse(wrong: dict[str, str]) -> None:
    """Raise InputError if anything is wrong."""
    if wrong:
        raise InputError("No workspace was made.", wrong)


def _found(session: Session, deps: Deps, wanted: Wanted) -> Founded:
    name, admin = " ".join(wanted.name.split()), wanted.admin.strip()
    key = address_key(admin)
    if workspaces.named(session, name) is not None:
        refuse({"name": f"A workspace named {name} is here already. Choose another name."})
    also_in = tuple(name for _, name in team.by_address(session, key))
    workspace_id = workspaces.create(session, name, now=deps.now())
    capture_addresses.draw(
        session, workspace_id, Owner(), random_bytes=deps.random_bytes, now=deps.now()
    )
    entered = [checked_domain(one).domain for one in wanted.domains]
    domains = sorted({one for one in entered or (own_domain(key),) if one})
    for domain in domains:
        choices.add_domain(session, workspace_id, domain)
    member = team_rows.add(
        session,
        team_rows.newcomer(
            workspace_id, email=admin, role=Role.ADMIN, time_zone=wanted.time_zone, now=deps.now()
        ),
        deps.random_bytes,
    )
    audit.note(session, team.actor_of(member), "workspace.created", "workspace", now=deps.now())
    return Founded(name=name, admin=admin, domains=tuple(domains), also_in=also_in)
