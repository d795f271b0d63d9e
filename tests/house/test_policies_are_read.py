"""A setting that nothing reads is a promise: the product lists those as coming later."""

import ast

from backend.domain.policies import LATER, POLICIES, SETTINGS, Policies
from tests.house.tree import sources, text_of


def read_attributes() -> set[str]:
    """Every attribute that what runs looks at, outside the policies and the simulator."""
    found: set[str] = set()
    for path in sources("addon", "backend", "cards", "worker"):
        if not path.as_posix().startswith(("backend/domain/policies/", "backend/simulator/")):
            nodes = ast.walk(ast.parse(text_of(path)))
            found |= {node.attr for node in nodes if isinstance(node, ast.Attribute)}
    return found


def test_every_setting_somebody_can_change_is_read_or_said_to_come_later() -> None:
    attributes = {id(value): name for name, value in vars(Policies).items()}
    read = read_attributes()
    unread = {
        setting.name
        for policy in POLICIES
        for setting in policy.settings
        if setting.levels and attributes[id(setting)] not in read
    }
    assert unread == set(LATER)


def test_what_is_said_to_come_later_is_a_setting() -> None:
    assert set(LATER) <= set(SETTINGS)
