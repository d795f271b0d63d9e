"""What a member, a leader and an admin may do, and the sentence of a refusal.

Every edge must give the same answer. A grant names the least role for one's own things and for
those of others; D-20 moves the two grants for connecting.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from backend.domain.policies import Policies


class Role(StrEnum):
    """What a team member is in the workspace (V-42). CSM and AE are relations, not roles."""

    MEMBER = "member"
    LEADER = "leader"
    ADMIN = "admin"


RANK: Mapping[Role, int] = {Role.MEMBER: 1, Role.LEADER: 2, Role.ADMIN: 3}
WHO: Mapping[Role, str] = {
    Role.MEMBER: "team members",
    Role.LEADER: "leaders and admins",
    Role.ADMIN: "admins",
}


class Permission(StrEnum):
    """One thing that can be allowed or refused. Values are the codes of D-20's style."""

    MAILBOX_CONNECT_OWN = "mailbox.connect.own"
    MAILBOX_CONNECT_SHARED = "mailbox.connect.shared"
    MAILBOX_DISCONNECT = "mailbox.disconnect"
    MESSAGE_LOG = "message.log"
    MESSAGE_UNLOG = "message.unlog"
    PRIVACY_CHANGE = "privacy.change"
    CONTACT_CREATE = "contact.create"
    STOP_LIFT = "stop.lift"
    ACCOUNT_EDIT = "account.edit"
    CONTACT_EDIT = "contact.edit"
    RECORD_DELETE = "record.delete"
    NOTE_EDIT = "note.edit"
    PENDING_CREATE = "pending.create"
    PENDING_EDIT = "pending.edit"
    NEVER_LOG_EDIT = "never_log.edit"
    LIMITS_EDIT = "limits.edit"
    HEALTH_SEE = "health.see"
    INSTALLATION_SEE = "installation.see"
    IMPORT_CONTROL = "import.control"
    AUDIT_SEE = "audit.see"
    LIST_CONTROL = "list.control"
    DECISION_SEARCH = "decision.search"
    POLICY_CHANGE = "policy.change"
    TRAIT_MANAGE = "trait.manage"
    GMAIL_SWITCH = "gmail.switch"
    TEAM_MANAGE = "team.manage"
    PERSON_ERASE = "person.erase"
    IMPERSONATE = "admin.impersonate"


@dataclass(frozen=True, slots=True)
class Grant:
    """The least role for one's own things, and for those of others or of all; None means
    no role.
    """

    what: str
    own: Role | None
    others: Role | None


MEMBER, LEADER, ADMIN = Role.MEMBER, Role.LEADER, Role.ADMIN

GRANTS: Mapping[Permission, Grant] = {
    Permission.MAILBOX_CONNECT_OWN: Grant("connect a mailbox of their own", MEMBER, None),
    Permission.MAILBOX_CONNECT_SHARED: Grant("connect and set up shared mailboxes", ADMIN, ADMIN),
    Permission.MAILBOX_DISCONNECT: Grant("disconnect this mailbox", MEMBER, ADMIN),
    Permission.MESSAGE_LOG: Grant("log an email", MEMBER, MEMBER),
    Permission.MESSAGE_UNLOG: Grant("undo what somebody else logged", MEMBER, ADMIN),
    Permission.PRIVACY_CHANGE: Grant("change who can read another mailbox", MEMBER, None),
    Permission.CONTACT_CREATE: Grant("add people", MEMBER, MEMBER),
    Permission.STOP_LIFT: Grant("let mail go again to who reported it as spam", MEMBER, ADMIN),
    Permission.ACCOUNT_EDIT: Grant("edit accounts", MEMBER, MEMBER),
    Permission.CONTACT_EDIT: Grant("edit contacts", MEMBER, MEMBER),
    Permission.RECORD_DELETE: Grant("delete accounts and contacts", LEADER, LEADER),
    Permission.NOTE_EDIT: Grant("change somebody else's note", MEMBER, ADMIN),
    Permission.PENDING_CREATE: Grant("write from this mailbox", MEMBER, LEADER),
    Permission.PENDING_EDIT: Grant("change the pending mail of others", MEMBER, LEADER),
    Permission.NEVER_LOG_EDIT: Grant("change the workspace's never-log list", MEMBER, ADMIN),
    Permission.LIMITS_EDIT: Grant("change the limits of others", MEMBER, None),
    Permission.HEALTH_SEE: Grant("see the health of all mailboxes", MEMBER, LEADER),
    Permission.INSTALLATION_SEE: Grant("see the parts of the installation", ADMIN, ADMIN),
    Permission.IMPORT_CONTROL: Grant("start or stop an import of this mailbox", MEMBER, ADMIN),
    Permission.AUDIT_SEE: Grant("read the audit log", ADMIN, ADMIN),
    Permission.LIST_CONTROL: Grant("change or undo somebody else's list", MEMBER, ADMIN),
    Permission.DECISION_SEARCH: Grant("search the decisions of all mailboxes", MEMBER, ADMIN),
    Permission.POLICY_CHANGE: Grant("change workspace policies", ADMIN, ADMIN),
    Permission.TRAIT_MANAGE: Grant("change the traits of accounts", ADMIN, ADMIN),
    Permission.GMAIL_SWITCH: Grant("switch Gmail on for the workspace", ADMIN, ADMIN),
    Permission.TEAM_MANAGE: Grant("invite people and change roles", ADMIN, ADMIN),
    Permission.PERSON_ERASE: Grant("export or erase a person", ADMIN, ADMIN),
    Permission.IMPERSONATE: Grant("work as another team member", None, ADMIN),
}


def granted(policies: Policies) -> Mapping[Permission, Grant]:
    """The grants of a workspace: the table with its choice for D-20 laid over.

    K-4 wants admins only, V and S every member; nobody ever connects a mailbox for another person.

    >>> grants = granted(Policies.from_overrides({"mailbox.connect.own": "admin"}))
    >>> allowed(Role.MEMBER, Permission.MAILBOX_CONNECT_OWN, own=True, grants=grants)
    False
    """
    own, shared = Role(policies.connect_own), Role(policies.connect_shared)
    sharing = GRANTS[Permission.MAILBOX_CONNECT_SHARED]
    return {
        **GRANTS,
        Permission.MAILBOX_CONNECT_OWN: replace(GRANTS[Permission.MAILBOX_CONNECT_OWN], own=own),
        Permission.MAILBOX_CONNECT_SHARED: replace(sharing, own=shared, others=shared),
    }


def allowed(
    role: Role,
    permission: Permission,
    *,
    own: bool,
    grants: Mapping[Permission, Grant] = GRANTS,
) -> bool:
    """Whether the role suffices; `own` says that the thing is the asker's own.

    >>> allowed(Role.MEMBER, Permission.MESSAGE_UNLOG, own=True)
    True
    >>> allowed(Role.LEADER, Permission.MESSAGE_UNLOG, own=False)
    False
    """
    least = _least_role(permission, own=own, grants=grants)
    return least is not None and RANK[role] >= RANK[least]


def refusal(
    permission: Permission, *, own: bool, grants: Mapping[Permission, Grant] = GRANTS
) -> str:
    """Why the person may not, who may, and what to do next.

    >>> refusal(Permission.POLICY_CHANGE, own=False)
    'Only admins can change workspace policies. Ask an admin of your workspace.'
    """
    least = _least_role(permission, own=own, grants=grants)
    what = grants[permission].what
    if least is None:
        return f"Nobody can {what}, whatever their role. Each person does that for themselves."
    asked = "a leader or an admin" if least is Role.LEADER else f"an {least.value}"
    return f"Only {WHO[least]} can {what}. Ask {asked} of your workspace."


def _least_role(
    permission: Permission, *, own: bool, grants: Mapping[Permission, Grant]
) -> Role | None:
    return grants[permission].own if own else grants[permission].others


def may_bring_in(role: Role) -> bool:
    """Whether a member may have earlier mail logged: as who may log mail by hand."""
    return allowed(role, Permission.MESSAGE_LOG, own=True)
