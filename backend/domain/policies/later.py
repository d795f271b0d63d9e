"""Settings of parts that are not built yet, with what is missing, in words for people.

Separate so that a page shows them as coming later instead of as switches that do nothing. A test
holds that nothing reads them, and that everything else is read.
"""

from collections.abc import Mapping

LATER: Mapping[str, str] = {
    "automation.channel": "There are no playbooks yet that would send by themselves.",
    "bulk.channel": "There is no bulk mail yet.",
    "bulk.threshold": "There is no bulk mail yet.",
    "tracking.opens": "No mail carries a pixel yet.",
    "unsubscribe.scope": (
        "Mail leaves by one path only, the Gmail of whoever writes. An unsubscribe holds for all "
        "of it until bulk mail has a path of its own."
    ),
    "profile.max_mailboxes": "A profile has one mailbox until several can be connected.",
    "mailbox.kind": (
        "An address such as support@ signs in with a profile of its own, and an admin marks its "
        "mailbox as shared. One that belongs to no profile cannot be connected yet."
    ),
    "disconnect.history": "History is kept. Redacting is not built yet.",
    "location.share_mailbox": "A Gmail account serves one workspace until several can share it.",
    "location.retain": "A Gmail account serves one workspace until several can share it.",
    "admin.impersonate": "Nobody can log in as somebody else yet.",
    "tasks.target": "There are no tasks yet.",
    "tasks.on_complete": "There are no tasks yet.",
}
