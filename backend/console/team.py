"""Team and roles: members, what each may do, and the workspace's internal domains."""

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from backend.console.blueprints import members_only
from backend.console.context import (
    act_as,
    act_as_oneself,
    current_actor,
    current_deps,
    identity_or_none,
)
from backend.console.flash import Undo, go, say
from backend.console.request_parsing import MOST_TYPED, text
from backend.domain.ids import MemberId
from backend.domain.paging import whole_id
from backend.domain.people.invitations import letter
from backend.domain.people.invitee_lists import read_pasted
from backend.domain.people.roles import GRANTS, Permission, Role
from backend.errors import InputError
from backend.queries.settings.team import team_view
from backend.services import impersonating
from backend.services.invitee_files import MOST_BYTES, rows_of
from backend.services.leaving import HAND, HOLD, leaving, readmit, remove
from backend.services.mailing_invitations import mail_invitation
from backend.services.other_accounts import is_somebody_else, is_the_same
from backend.services.settings import (
    add_domain,
    change_role,
    invite,
    open_domain,
    remove_domain,
    renew_invitation,
    revoke_invitation,
)

bp = members_only("team", __name__)
WHO = {Role.MEMBER: "Everybody", Role.LEADER: "Leaders and admins", Role.ADMIN: "Admins"}
UNDO_SHOWN = 20
"""Seconds; afterwards the member can still be readmitted from the list."""

TABLE = {
    Permission.MAILBOX_CONNECT_OWN: "Connect a Gmail mailbox",
    Permission.MAILBOX_DISCONNECT: "Disconnect a mailbox",
    Permission.IMPORT_CONTROL: "Start or stop an import",
    Permission.HEALTH_SEE: "See how a mailbox does",
    Permission.INSTALLATION_SEE: "See the database and the other parts Rapport runs on",
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
    Permission.AUDIT_SEE: "Read the audit log",
}
"""Permissions in page order; roles also have ones that are not built yet."""


@bp.get("/settings/team")
def index() -> str:
    """The team."""
    return render({})


@bp.post("/settings/team")
def ask() -> Response | tuple[str, int]:
    """Invite people."""
    first_steps = text("then") == "first-steps"
    file = request.files.get("file")
    try:
        asked = invite(
            current_deps(),
            current_actor(),
            people=read_pasted(text("email")[:MOST_TYPED]),
            rows=rows_of(file.stream.read(MOST_BYTES + 1) if file else b""),
            role=text("role"),
            name=text("name"),
        )
    except InputError as error:
        return render(error.fields), 422
    whom = asked[0].email if len(asked) == 1 else f"{len(asked)} people"
    say(f"{whom} can accept at sign-in. Let them know: Team and roles has an email for it.")
    return go(url_for("first_steps.index" if first_steps else "team.index"))


@bp.post("/settings/team/invitations/<id:invitation_id>/renewal")
def renew(invitation_id: int) -> Response:
    """Renew an invitation for a month."""
    email = renew_invitation(current_deps(), current_actor(), invitation_id=invitation_id)
    say(f"The invitation of {email} is good for 30 days from now.")
    return go(url_for("team.index"))


@bp.post("/settings/team/invitations/<id:invitation_id>/mail")
def mail(invitation_id: int) -> Response:
    """Send the invitation from one's own Gmail."""
    email = mail_invitation(
        current_deps(),
        current_actor(),
        invitation_id=invitation_id,
        sign_in=sign_in_address(),
    )
    say(f"Your mail to {email} leaves from your Gmail. It stays under Pending until then.")
    return go(url_for("team.index"))


@bp.post("/settings/team/invitations/<id:invitation_id>/revocation")
def revoke(invitation_id: int) -> Response:
    """Revoke an invitation."""
    email = revoke_invitation(current_deps(), current_actor(), invitation_id=invitation_id)
    say(f"{email} is not invited any more.")
    return go(url_for("team.index"))


@bp.post("/settings/team/<id:member_id>/role")
def give_role(member_id: int) -> Response:
    """Give a member another role."""
    deps, actor, role = current_deps(), current_actor(), text("role")
    name = change_role(deps, actor, member_id=MemberId(member_id), role=role)
    say(f"{name} is {'an' if role == Role.ADMIN else 'a'} {role} from now on.")
    return go(url_for("team.index"))


@bp.post("/settings/team/<id:member_id>/impersonation")
def log_in_as(member_id: int) -> Response:
    """See the console as a member does, without sending anything."""
    act_as(impersonating.log_in_as(current_deps(), current_actor(), MemberId(member_id)))
    return go(url_for("email_settings.index"))


@bp.post("/impersonation/end")
def end_impersonation() -> Response:
    """Be oneself again."""
    act_as_oneself()
    say("You are yourself again.")
    return go(url_for("team.index"))


@bp.get("/settings/team/<id:member_id>/removal")
def ask_to_remove(member_id: int) -> str:
    """What depends on a member, before they lose their access."""
    return render_removal(member_id, {})


@bp.post("/settings/team/<id:member_id>/removal")
def take_out(member_id: int) -> Response | tuple[str, int]:
    """Revoke their access, and apply the choices for what they leave behind."""
    heir = MemberId(whole_id(text("heir")) or 0) if text("heir") else None
    try:
        name = remove(
            current_deps(),
            current_actor(),
            member_id=MemberId(member_id),
            heir=heir,
            mail=text("mail") or HOLD,
        )
    except InputError as error:
        return render_removal(member_id, error.fields), 422
    back = url_for("team.let_in", member_id=member_id)
    say(
        f"{name} can't sign in any more.",
        undo=Undo(url=back, version=0, seconds=UNDO_SHOWN),
    )
    return go(url_for("team.index"))


@bp.post("/settings/team/<id:member_id>/return")
def let_in(member_id: int) -> Response:
    """Readmit a member, with what was theirs."""
    readmit(current_deps(), current_actor(), member_id=MemberId(member_id))
    say(
        "They can sign in again and have back what was theirs. They connect their Gmail themselves."
    )
    return go(url_for("team.index"))


@bp.post("/settings/team/<id:member_id>/account")
def decide(member_id: int) -> Response:
    """Decide whether another Google account with a member's address is the same person."""
    if text("same") == "yes":
        name = is_the_same(current_deps(), current_actor(), member_id=MemberId(member_id))
        say(f"{name} signs in with the new Google account from now on.")
    else:
        email = is_somebody_else(current_deps(), current_actor(), member_id=MemberId(member_id))
        say(f"{email} is free for somebody new. Invite them below.")
    return go(url_for("team.index"))


@bp.post("/settings/team/domains")
def add() -> Response | tuple[str, int]:
    """Add an internal domain."""
    try:
        add_domain(
            current_deps(), current_actor(), domain=text("domain"), identity=identity_or_none()
        )
    except InputError as error:
        return render(error.fields), 422
    say("Added. Mail that stays inside it is not logged.")
    return go(url_for("team.index"))


@bp.post("/settings/team/domains/opening")
def open_or_close() -> Response:
    """Let everybody of a proven domain join, or only those invited."""
    to_everybody, domain = text("open") == "yes", text("domain")
    open_domain(current_deps(), current_actor(), domain=domain, to_everybody=to_everybody)
    say(f"Everybody of {domain} may join." if to_everybody else "By invitation only from now on.")
    return go(url_for("team.index"))


@bp.post("/settings/team/domains/removal")
def give_up() -> Response:
    """Remove an internal domain: it is a customer's again."""
    remove_domain(current_deps(), current_actor(), domain=text("domain"))
    say("Removed.")
    return go(url_for("team.index"))


def render_removal(member_id: int, errors: dict[str, str]) -> str:
    """The question, with the choices when they need correction."""
    found = leaving(current_deps(), current_actor(), member_id=MemberId(member_id))
    return render_template(
        "settings/remove_member.html",
        leaving=found,
        errors=errors,
        typed={"heir": text("heir"), "mail": text("mail") or HOLD},
        ways=[
            (HOLD, "Hold it until somebody chooses another sender or deletes it"),
            (HAND, "Hand it to the colleague below, who looks at it before it leaves"),
        ],
    )


def render(errors: dict[str, str]) -> str:
    """The page, with the typed text when it needs correction."""
    person, view = identity_or_none(), team_view(current_deps(), current_actor())
    return render_template(
        "settings/team.html",
        sign_in=sign_in_address(),
        said=letter(view.workspace_name, sign_in_address())[1],
        proves=person.stands_for if person else (),
        view=view,
        may_log_in=impersonating.may_log_in_as_others(current_deps(), current_actor()),
        grants=[
            (label, *map(_who, (GRANTS[one].own, GRANTS[one].others)))
            for one, label in TABLE.items()
        ],
        errors=errors,
        typed={name: text(name) for name in ("name", "email", "role", "domain", "then")},
    )


def sign_in_address() -> str:
    """The address at which invited people accept."""
    return current_deps().public_url + url_for("signin.show")


def _who(least: Role | None) -> str:
    return WHO[least] if least else "Nobody"
