"""The people of a workspace, their roles, and the domains that are its own."""

import base64

from sqlalchemy.orm import Session

from backend.domain.actor import Actor
from backend.domain.address import address_key, is_valid_address
from backend.domain.domains import domain_key, is_free_mail
from backend.domain.ids import MemberId
from backend.domain.roles import Permission, Role
from backend.domain.summaries.administration import TeamView
from backend.errors import Conflict, InputError, NotFound
from backend.services.administering.rights import require
from backend.services.deps import Deps
from backend.services.showing.rows import member_line
from backend.store import audit, choices, team, team_rows
from backend.store.models import TeamMember

MAX_NAME = 200
TOKEN_BYTES = 9


def team_view(deps: Deps, actor: Actor) -> TeamView:
    """Everybody of the workspace, by name, and its internal domains."""
    with deps.store.begin(actor.workspace_id) as session:
        return TeamView(
            workspace_name=choices.workspace(session, actor.workspace_id).name,
            members=tuple(member_line(row) for row in team.members(session)),
            domains=tuple(choices.domains(session)),
        )


def invite_member(deps: Deps, actor: Actor, *, name: str, email: str, role: str) -> None:
    """Let somebody sign in with their Google account. Raises InputError for each bad field."""
    require(actor, Permission.TEAM_MANAGE)
    wrong: dict[str, str] = {}
    if not name.strip() or len(name) > MAX_NAME:
        wrong["name"] = "Write the person's name."
    if not is_valid_address(email.strip()):
        wrong["email"] = "This is not an e-mail address. Correct it."
    if role not in set(Role):
        wrong["role"] = "Choose member, leader or admin."
    if wrong:
        raise InputError("Nobody was invited. Correct the marked fields.", wrong)
    key = address_key(email)
    with deps.store.begin(actor.workspace_id) as session:
        if team_rows.by_email(session, key) is not None:
            raise InputError(
                "Nobody was invited.", {"email": f"{email.strip()} is in the team already."}
            )
        session.add(
            TeamMember(
                workspace_id=actor.workspace_id,
                email=email.strip(),
                email_key=key,
                name=name.strip(),
                role=role,
                time_zone=actor.time_zone,
                smart_bcc_token=_token(deps),
                created_at=deps.now(),
            )
        )
        audit.note(session, actor, "member.invited", "team", now=deps.now(), detail={"role": role})


def change_role(deps: Deps, actor: Actor, *, member_id: MemberId, role: str) -> None:
    """Give a member another role. The last admin stays one."""
    require(actor, Permission.TEAM_MANAGE)
    if role not in set(Role):
        raise InputError("The role was not changed.", {"role": "Choose member, leader or admin."})
    with deps.store.begin(actor.workspace_id) as session:
        member = _member(session, member_id)
        if member.role == Role.ADMIN and role != Role.ADMIN:
            _keep_an_admin(session, member)
        member.role = role
        audit.note(
            session,
            actor,
            "member.role_changed",
            f"member:{member_id}",
            now=deps.now(),
            detail={"role": role},
        )


def set_active(deps: Deps, actor: Actor, *, member_id: MemberId, active: str) -> None:
    """Let a member sign in or not ("yes" or "no"). What they did stays in the history."""
    require(actor, Permission.TEAM_MANAGE)
    with deps.store.begin(actor.workspace_id) as session:
        member = _member(session, member_id)
        if active != "yes" and member.role == Role.ADMIN:
            _keep_an_admin(session, member)
        member.deactivated_at = None if active == "yes" else member.deactivated_at or deps.now()
        action = "member.activated" if active == "yes" else "member.deactivated"
        audit.note(session, actor, action, f"member:{member_id}", now=deps.now())


def add_domain(deps: Deps, actor: Actor, *, domain: str) -> None:
    """Call a domain the workspace's own: mail among its people is never logged (S-11)."""
    require(actor, Permission.TEAM_MANAGE)
    key = domain_key(domain.strip().lstrip("@"))
    if not key or "." not in key:
        raise InputError(
            "The domain was not added.", {"domain": "Write a domain such as example.com."}
        )
    if is_free_mail(key):
        raise InputError(
            "The domain was not added.",
            {"domain": f"{key} belongs to everybody. Customers write from it as well."},
        )
    with deps.store.begin(actor.workspace_id) as session:
        choices.add_domain(session, actor.workspace_id, key)
        audit.note(session, actor, "domain.added", f"domain:{key}", now=deps.now())


def remove_domain(deps: Deps, actor: Actor, *, domain: str) -> None:
    """A domain's people are not colleagues any more."""
    require(actor, Permission.TEAM_MANAGE)
    with deps.store.begin(actor.workspace_id) as session:
        choices.remove_domain(session, domain)
        audit.note(session, actor, "domain.removed", f"domain:{domain}", now=deps.now())


def _member(session: Session, member_id: MemberId) -> TeamMember:
    member = team_rows.by_id(session, member_id)
    if member is None:
        raise NotFound("There is no such team member.")
    return member


def _keep_an_admin(session: Session, member: TeamMember) -> None:
    if not team_rows.other_admins(session, MemberId(member.id)):
        raise Conflict(
            f"{member.name} is the only admin. Make somebody else an admin first, so that the "
            "workspace can still be administered."
        )


def _token(deps: Deps) -> str:
    return base64.b32encode(deps.random_bytes(TOKEN_BYTES)).decode().rstrip("=").lower()
