"""The browsers in which a member is signed in, listed and ended by them or by an admin."""

import hashlib
from dataclasses import dataclass

from backend.deps import Deps
from backend.domain.ids import MemberId
from backend.domain.people.actor import Actor
from backend.domain.people.roles import Permission
from backend.domain.summaries.audit import SignedIn
from backend.errors import NotFound
from backend.services.settings.rights import require
from backend.services.web_sessions import IDLE
from backend.store import audit, team, web_sessions

OTHERS = "others"
"""In place of a key: all but the present session."""


@dataclass(frozen=True)
class SessionsView:
    """A member's sessions, the latest first."""

    name: str
    mine: bool
    sessions: tuple[SignedIn, ...]


def sessions_of(deps: Deps, actor: Actor, member_id: MemberId | None, *, here: str) -> SessionsView:
    """The sessions of the actor, or of a member they manage; `here` is the present cookie. Raises
    NotAllowed and NotFound.
    """
    whose, name = _whose(deps, actor, member_id)
    with deps.store.begin_global() as session:
        rows = web_sessions.of_member(session, actor.workspace_id, whose, deps.now())
    own = hashlib.sha256(here.encode()).digest()
    return SessionsView(
        name,
        whose == actor.member_id,
        tuple(
            SignedIn(
                key=_key(row.token_hash),
                since=row.created_at,
                used_at=max(row.created_at, row.expires_at - IDLE),
                here=row.token_hash == own,
            )
            for row in rows
        ),
    )


def end_sessions(
    deps: Deps, actor: Actor, member_id: MemberId | None, *, key: str, here: str
) -> int:
    """End the session of this key, or all but the present one. Returns how many ended."""
    whose, _ = _whose(deps, actor, member_id)
    own = hashlib.sha256(here.encode()).digest()
    with deps.store.begin_global() as session:
        ended = [
            row.token_hash
            for row in web_sessions.of_member(session, actor.workspace_id, whose, deps.now())
            if (key == OTHERS and row.token_hash != own) or _key(row.token_hash) == key
        ]
        for token_hash in ended:
            web_sessions.remove(session, token_hash)
    if ended:
        with deps.store.begin(actor.workspace_id) as session:
            detail = {"sessions": len(ended)}
            subject = f"member:{whose}"
            audit.note(session, actor, "session.ended", subject, now=deps.now(), detail=detail)
    return len(ended)


def _whose(deps: Deps, actor: Actor, member_id: MemberId | None) -> tuple[MemberId, str]:
    if member_id is None or member_id == actor.member_id:
        return actor.member_id, actor.name
    require(actor, Permission.TEAM_MANAGE, own=False)
    with deps.store.begin(actor.workspace_id) as session:
        member = team.by_id(session, member_id)
    if member is None:
        raise NotFound("There is no such member. They may have left the team.")
    return member_id, member.name


def _key(token_hash: bytes) -> str:
    return hashlib.sha256(token_hash).hexdigest()[:24]
