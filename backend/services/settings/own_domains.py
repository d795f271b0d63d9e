"""A workspace's internal domains, and which of them are proven.

A claimed domain keeps its internal mail out of this workspace (S-11) and grants nothing. It is
proven by an admin whose Google account is managed by that domain's company; only a proven one can
be opened to its people.
"""

from backend.deps import Deps
from backend.domain.people.actor import Actor
from backend.domain.people.identity import Identity
from backend.domain.people.internal_domains import checked_domain
from backend.domain.people.roles import Permission
from backend.errors import InputError
from backend.services.settings.rights import require
from backend.store import audit, choices


def add_domain(deps: Deps, actor: Actor, *, domain: str, identity: Identity | None) -> None:
    """Add an internal domain: mail among its people is never logged (S-11).

    `identity` is the admin's Google account, which proves the domain at once if it can.
    """
    require(actor, Permission.TEAM_MANAGE)
    checked = checked_domain(domain)
    if checked.wrong:
        raise InputError("The domain was not added.", {"domain": checked.wrong})
    with deps.store.begin(actor.workspace_id) as session:
        choices.add_domain(session, actor.workspace_id, checked.domain)
        audit.note(session, actor, "domain.added", f"domain:{checked.domain}", now=deps.now())
        if identity and checked.domain in identity.stands_for:
            choices.prove_domains(session, actor, [checked.domain], deps.now())
            audit.note(session, actor, "domain.proven", f"domain:{checked.domain}", now=deps.now())


def open_domain(deps: Deps, actor: Actor, *, domain: str, to_everybody: bool) -> None:
    """Let everybody of this domain join as a member, or only those invited."""
    require(actor, Permission.TEAM_MANAGE)
    with deps.store.begin(actor.workspace_id) as session:
        if not choices.open_domain(session, domain, deps.now() if to_everybody else None):
            wrong = f"{domain} is not proven. An admin with a Google account there signs in first."
            raise InputError(wrong, {"domain": wrong})
        action = "domain.opened" if to_everybody else "domain.closed"
        audit.note(session, actor, action, f"domain:{domain}", now=deps.now())


def remove_domain(deps: Deps, actor: Actor, *, domain: str) -> None:
    """Remove a domain: its people are no longer colleagues."""
    require(actor, Permission.TEAM_MANAGE)
    with deps.store.begin(actor.workspace_id) as session:
        choices.remove_domain(session, domain)
        audit.note(session, actor, "domain.removed", f"domain:{domain}", now=deps.now())
