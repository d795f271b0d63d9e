"""Invitations. An invited person becomes a member only when they accept at sign-in."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy.orm import Session

from backend.deps import Deps
from backend.domain.people.actor import Actor
from backend.domain.people.invitations import LIFETIME, MOST_AT_ONCE, Ending, Invitee, read_invitees
from backend.domain.people.invitee_lists import Entry, read_rows
from backend.domain.people.names import wrong_name
from backend.domain.people.roles import Permission, Role
from backend.errors import InputError, SettledAlready
from backend.services.settings.rights import require
from backend.services.settings.waiting_invitation import waiting_invitation
from backend.store import audit, invitations, team_rows

NOBODY_INVITED = "Nobody was invited. Correct the marked fields."


def invite(
    deps: Deps,
    actor: Actor,
    *,
    people: Sequence[Entry],
    role: str,
    name: str = "",
    rows: Sequence[Sequence[str]] = (),
) -> tuple[Invitee, ...]:
    """Invite every address of a list and of the `rows` of a file, or nobody. Those whose line names
    no role get `role`; `name` is for one person whose address has none.

    Raises InputError that names each entry that cannot be invited.
    """
    require(actor, Permission.TEAM_MANAGE)
    listed, wrong_rows = read_rows(rows)
    people = [*people, *listed]
    found, unreadable = read_invitees(people[: MOST_AT_ONCE + 1])
    wrong = {
        "name": wrong_name(name, "the person") if name else "",
        "role": "" if role in set(Role) else "Choose member, leader or admin.",
        "email": _wrong_rows(wrong_rows) or _wrong_list(people, found, unreadable),
    }
    if any(wrong.values()):
        raise InputError(NOBODY_INVITED, {key: told for key, told in wrong.items() if told})
    if name and len(found) == 1:
        found = (replace(found[0], name=" ".join(name.split())),)
    with deps.store.begin(actor.workspace_id) as session:
        _require_new(session, found)
        invitations.add(session, [_row(deps, actor, one, one.role or Role(role)) for one in found])
        detail: dict[str, str | int] = {"role": role, "people": len(found), **_own_roles(found)}
        audit.note(session, actor, "member.invited", "team", now=deps.now(), detail=detail)
    return found


def _own_roles(found: Sequence[Invitee]) -> dict[str, int]:
    """How many were invited with a role of their own, by role."""
    return dict(Counter(one.role.value for one in found if one.role is not None))


def _wrong_rows(wrong: Sequence[str]) -> str:
    if not wrong:
        return ""
    return f"Correct the file: {'; '.join(wrong[:5])}. A role is member, leader or admin."


def _wrong_list(
    people: Sequence[Entry], found: Sequence[Invitee], unreadable: Sequence[str]
) -> str:
    if len(people) > MOST_AT_ONCE:
        return f"At most {MOST_AT_ONCE} people at once."
    if unreadable:
        listed = ", ".join(unreadable)
        if len(unreadable) > 1:
            return f"These are not email addresses: {listed}. Correct them."
        return f"This is not an email address: {listed}. Correct it."
    return "" if found else "Write at least one email address."


def renew_invitation(deps: Deps, actor: Actor, *, invitation_id: int) -> str:
    """Renew an invitation for a month, even an expired one. Returns its address."""
    require(actor, Permission.TEAM_MANAGE)
    with deps.store.begin(actor.workspace_id) as session:
        row = waiting_invitation(session, invitation_id)
        row.invited_by, row.invited_at = actor.member_id, deps.now()
        row.expires_at = deps.now() + LIFETIME
        audit.note(session, actor, "invitation.renewed", f"invitation:{row.id}", now=deps.now())
        return row.email


def revoke_invitation(deps: Deps, actor: Actor, *, invitation_id: int) -> str:
    """Revoke an invitation before it is accepted. Returns its address."""
    require(actor, Permission.TEAM_MANAGE)
    with deps.store.begin(actor.workspace_id) as session:
        row = waiting_invitation(session, invitation_id)
        row.ended_at, row.ended_how = deps.now(), Ending.REVOKED
        audit.note(session, actor, "invitation.revoked", f"invitation:{row.id}", now=deps.now())
        return row.email


def _require_new(session: Session, people: Sequence[Invitee]) -> None:
    """Refuse the list when somebody on it is on the team or invited already. SettledAlready when
    all of them wait for their invitation: the form was sent twice.
    """
    inside = {row.email_key: row for row in team_rows.by_emails(session, [p.key for p in people])}
    asked = invitations.waiting_keys(session, [one.key for one in people])
    told = [
        f"{one.email} is in the team already, without access. Let them in again above."
        if one.key in inside and inside[one.key].deactivated_at
        else f"{one.email} is in the team already."
        if one.key in inside
        else f"{one.email} is invited already. Team and roles can renew the invitation."
        for one in people
        if one.key in inside or one.key in asked
    ]
    if told and not inside and len(told) == len(people):
        raise SettledAlready(" ".join(told))
    if told:
        raise InputError(NOBODY_INVITED, {"email": " ".join(told)})


def _row(deps: Deps, actor: Actor, invitee: Invitee, role: Role) -> dict[str, object]:
    return {
        "workspace_id": actor.workspace_id,
        "email": invitee.email,
        "email_key": invitee.key,
        "name": invitee.name,
        "role": role,
        "time_zone": actor.time_zone,
        "invited_by": actor.member_id,
        "invited_at": deps.now(),
        "expires_at": deps.now() + LIFETIME,
    }
