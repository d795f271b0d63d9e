"""Team and roles: who signs in, what each may do, and the workspace's own domains."""

from flask import render_template, url_for
from werkzeug.wrappers import Response

from backend.console.asking import text
from backend.console.blueprints import members_only
from backend.console.context import current_actor, current_deps
from backend.console.saying import go, say
from backend.domain.ids import MemberId
from backend.domain.roles import GRANTS, Permission, Role
from backend.errors import InputError
from backend.services.administering import (
    add_domain,
    change_role,
    invite_member,
    remove_domain,
    set_active,
    team_view,
)

bp = members_only("team", __name__)
WHO = {Role.MEMBER: "Everybody", Role.LEADER: "Leaders and admins", Role.ADMIN: "Admins"}
TABLE = {
    Permission.MAILBOX_CONNECT_OWN: "Connect a Gmail mailbox",
    Permission.MAILBOX_DISCONNECT: "Disconnect a mailbox",
    Permission.IMPORT_CONTROL: "Start or stop an import",
    Permission.HEALTH_SEE: "See how a mailbox does",
    Permission.DECISION_SEARCH: "Look up why mail is here or not",
    Permission.MESSAGE_LOG: "Log an email",
    Permission.MESSAGE_UNLOG: "Take an email out",
    Permission.PENDING_EDIT: "Change pending mail",
    Permission.NEVER_LOG_EDIT: "Change a never-log list",
    Permission.CONTACT_CREATE: "Add contacts",
    Permission.ACCOUNT_EDIT: "Bring in accounts from a file",
    Permission.POLICY_CHANGE: "Change policies",
    Permission.GMAIL_SWITCH: "Turn Gmail on for the workspace",
    Permission.TEAM_MANAGE: "Invite people and change roles",
}
"""What can be done today, in the order of the page; roles know of more than is built yet."""


@bp.get("/settings/team")
def index() -> str:
    """The team."""
    return render({})


@bp.post("/settings/team")
def invite() -> Response | tuple[str, int]:
    """Let somebody sign in."""
    email = text("email").strip()
    try:
        invite_member(
            current_deps(), current_actor(), name=text("name"), email=email, role=text("role")
        )
    except InputError as error:
        return render(error.fields), 422
    say(f"{email} can sign in with Google now.")
    return go(url_for("team.index"))


@bp.post("/settings/team/<id:member_id>/role")
def give_role(member_id: int) -> Response:
    """Give a member another role."""
    change_role(current_deps(), current_actor(), member_id=MemberId(member_id), role=text("role"))
    say("The role has changed.")
    return go(url_for("team.index"))


@bp.post("/settings/team/<id:member_id>/access")
def give_access(member_id: int) -> Response:
    """Let a member in, or not any more."""
    active = "yes" if text("active") == "yes" else "no"
    set_active(current_deps(), current_actor(), member_id=MemberId(member_id), active=active)
    say("They can sign in again." if active == "yes" else "They can't sign in any more.")
    return go(url_for("team.index"))


@bp.post("/settings/team/domains")
def add() -> Response | tuple[str, int]:
    """Call a domain the workspace's own."""
    try:
        add_domain(current_deps(), current_actor(), domain=text("domain"))
    except InputError as error:
        return render(error.fields), 422
    say("Added. Mail that stays inside it is not logged.")
    return go(url_for("team.index"))


@bp.post("/settings/team/domains/removal")
def remove() -> Response:
    """A domain is a customer's again."""
    remove_domain(current_deps(), current_actor(), domain=text("domain"))
    say("Removed.")
    return go(url_for("team.index"))


def render(errors: dict[str, str]) -> str:
    """The page, with what was typed when it has to be corrected."""
    return render_template(
        "settings/team.html",
        view=team_view(current_deps(), current_actor()),
        grants=[
            (label, *map(_who, (GRANTS[one].own, GRANTS[one].others)))
            for one, label in TABLE.items()
        ],
        errors=errors,
        typed={name: text(name) for name in ("name", "email", "role", "domain")},
    )


def _who(least: Role | None) -> str:
    return WHO[least] if least else "Nobody"
