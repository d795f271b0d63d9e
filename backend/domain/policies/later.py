"""Settings, and inputs of rules, of parts that are not built yet, and what is missing, in words.

Separate so that a page shows them as coming later instead of as switches that do nothing. Tests
hold that nothing reads or supplies them, and that everything else is read and supplied.
"""

from collections.abc import Mapping

LATER: Mapping[str, str] = {
    "automation.channel": "There are no playbooks yet that would send by themselves.",
    "bulk.channel": "There is no bulk mail yet.",
    "bulk.threshold": "There is no bulk mail yet.",
    "tracking.opens": "No mail carries a pixel yet.",
    "unsubscribe.scope": (
        "Mail leaves by one path only, its author's Gmail. An unsubscribe holds for all "
        "of it until bulk mail has a path of its own."
    ),
    "profile.max_mailboxes": "A member has one mailbox until several can be connected.",
    "tasks.target": "Tasks are not copied to Google yet.",
    "tasks.on_complete": "Tasks are not copied to Google yet.",
}

ERASING = "Leaving out the mail of erased people. Nobody can be erased yet."
BY_CONTACT = (
    "Sharing the mail with one contact more or less than other mail. A mailbox shares all of its "
    "mail alike, and one conversation can differ."
)
BULK_MAIL = (
    "Stops for one path only. They come with bulk mail; until then an unsubscribe holds for all "
    "mail that offers it."
)

FACTS_LATER: Mapping[str, str] = {
    "MessageFacts.erased": ERASING,
    "Copy.records": BY_CONTACT,
    "Mailing.channel": BULK_MAIL,
    "Mailing.scope": BULK_MAIL,
    "Suppression.channel": BULK_MAIL,
}
"""Inputs that rules accept and nothing supplies yet, by their names in the code."""
