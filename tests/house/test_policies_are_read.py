"""A setting that nothing reads is a promise: those are listed here, with the reason."""

import re

from backend.domain.policies import POLICIES, SETTINGS, Policies
from tests.house.tree import sources, text_of

NOT_YET_READ = {
    "import.days": "the first import counts messages; an import by days is not offered yet",
    "automation.channel": "there are no playbooks yet that would send by themselves",
    "bulk.channel": "there is no bulk mail yet",
    "bulk.threshold": "there is no bulk mail yet",
    "tracking.opens": "no mail carries a pixel yet",
    "profile.max_mailboxes": "the schema holds one mailbox for a profile",
    "mailbox.kind": "a shared mailbox is not a kind of its own yet",
    "disconnect.history": "history is kept; redacting is not built yet",
    "send.max_attachment_mb": "mail is written without attachments yet",
    "location.share_mailbox": "a workspace has no locations yet",
    "location.retain": "a workspace has no locations yet",
    "tasks.target": "there are no tasks yet",
    "tasks.on_complete": "there are no tasks yet",
}


def read_attributes() -> set[str]:
    """Every name after a dot in what runs, outside the policies themselves and the simulator."""
    found: set[str] = set()
    for path in sources("addon", "backend", "cards", "worker"):
        if not path.as_posix().startswith(("backend/domain/policies/", "backend/simulator/")):
            found |= set(re.findall(r"\.([a-z_]+)\b", text_of(path)))
    return found


def test_every_setting_somebody_can_change_is_read_or_listed_with_its_reason() -> None:
    attributes = {id(value): name for name, value in vars(Policies).items()}
    read = read_attributes()
    unread = {
        setting.name
        for policy in POLICIES
        for setting in policy.settings
        if setting.levels and attributes[id(setting)] not in read
    }
    assert unread == set(NOT_YET_READ)


def test_what_is_listed_as_not_read_is_a_setting() -> None:
    assert set(NOT_YET_READ) <= set(SETTINGS)
