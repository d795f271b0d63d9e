"""What each role may do."""

import pytest

from backend.domain.people.roles import GRANTS, RANK, Permission, Role, allowed, granted, refusal
from backend.domain.policies import Policies

MEMBER, LEADER, ADMIN = Role.MEMBER, Role.LEADER, Role.ADMIN


@pytest.mark.contract("V-42")
def test_there_are_three_roles_each_allowed_what_the_one_below_is() -> None:
    assert sorted(Role, key=lambda role: RANK[role]) == [MEMBER, LEADER, ADMIN]
    for permission in Permission:
        for own in (True, False):
            answers = [allowed(role, permission, own=own) for role in (MEMBER, LEADER, ADMIN)]
            assert answers == sorted(answers)


@pytest.mark.parametrize(
    ("permission", "own", "least"),
    [
        pytest.param(Permission.MESSAGE_UNLOG, True, MEMBER, id="the logger undoes a log"),
        pytest.param(Permission.MESSAGE_UNLOG, False, ADMIN, id="an admin undoes any log"),
        pytest.param(Permission.PENDING_EDIT, True, MEMBER, id="everybody edits own pending mail"),
        pytest.param(Permission.PENDING_EDIT, False, LEADER, id="leaders edit that of others"),
        pytest.param(Permission.HEALTH_SEE, True, MEMBER, id="everybody sees their own health"),
        pytest.param(Permission.HEALTH_SEE, False, LEADER, id="leaders see everybody's"),
        pytest.param(Permission.POLICY_CHANGE, False, ADMIN, id="admins change policies"),
        pytest.param(Permission.NEVER_LOG_EDIT, True, MEMBER, id="a personal never-log list"),
        pytest.param(Permission.NEVER_LOG_EDIT, False, ADMIN, id="the workspace's list"),
        pytest.param(
            Permission.GMAIL_SWITCH,
            False,
            ADMIN,
            id="admins switch Gmail on",
        ),
        pytest.param(
            Permission.LIMITS_EDIT,
            True,
            MEMBER,
            id="each member sets their own limits",
        ),
        pytest.param(
            Permission.LIMITS_EDIT,
            False,
            None,
            id="and nobody those of others",
            marks=pytest.mark.contract("V-39"),
        ),
    ],
)
def test_who_may(permission: Permission, *, own: bool, least: Role | None) -> None:
    may = [role for role in Role if allowed(role, permission, own=own)]
    assert may == ([] if least is None else [role for role in Role if RANK[role] >= RANK[least]])


@pytest.mark.contract("D-20")
def test_as_shipped_every_member_connects_their_own_mailbox() -> None:
    grants = granted(Policies())
    assert grants == GRANTS
    assert allowed(MEMBER, Permission.MAILBOX_CONNECT_OWN, own=True, grants=grants)


@pytest.mark.contract("D-20")
@pytest.mark.contract("K-4")
def test_a_workspace_may_let_only_admins_connect() -> None:
    grants = granted(Policies.from_overrides({"mailbox.connect.own": "admin"}))
    assert not allowed(LEADER, Permission.MAILBOX_CONNECT_OWN, own=True, grants=grants)
    assert allowed(ADMIN, Permission.MAILBOX_CONNECT_OWN, own=True, grants=grants)


@pytest.mark.contract("D-20")
@pytest.mark.parametrize("role", Role)
def test_nobody_connects_the_mailbox_of_somebody_else(role: Role) -> None:
    assert not allowed(role, Permission.MAILBOX_CONNECT_OWN, own=False)


@pytest.mark.parametrize("permission", Permission)
@pytest.mark.parametrize("own", [True, False])
def test_a_refusal_is_a_sentence_that_says_who_may(permission: Permission, *, own: bool) -> None:
    text = refusal(permission, own=own)
    least = GRANTS[permission].own if own else GRANTS[permission].others
    assert text.endswith(".")
    assert text.startswith("Nobody can " if least is None else "Only ")


def test_a_refusal_names_the_role_to_ask() -> None:
    assert refusal(Permission.PENDING_EDIT, own=False) == (
        "Only leaders and admins can change the pending mail of others. "
        "Ask a leader or an admin of your workspace."
    )
    assert refusal(Permission.LIMITS_EDIT, own=False) == (
        "Nobody can change the limits of others, whatever their role. "
        "Each person does that for themselves."
    )
