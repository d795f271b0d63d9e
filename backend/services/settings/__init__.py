"""What people choose. Each choice is checked against the domain's tables, stored with who and when,
and audited.

policies        the workspace's choices (D-1 … D-34)
email_settings  a member's limits, windows, own copy, signature
own_mailbox     what only a mailbox's owner chooses; aliases
gmail           the workspace's Gmail switch, shared mailboxes, aliases
shared_mailboxes  a shared mailbox: name, template, users
email_templates  branded templates
imports         starts and stops an import
never_log       the never-log lists (M1)
own_domains     the workspace's internal domains
team            members and their roles
inviting        invitations
waiting_invitation  one that waits, behind its lock
unsubscribes    the offer to unsubscribe
account_traits  attributes of accounts
rights          whether this member may change it
"""

from backend.services.settings.account_traits import add_trait, remove_trait
from backend.services.settings.email_settings import (
    UNDO_SECONDS,
    EmailChoices,
    change_email_settings,
)
from backend.services.settings.email_templates import remove_template, save_template
from backend.services.settings.gmail import (
    add_alias,
    disable_gmail,
    enable_gmail,
    mark_mailbox,
    remove_alias,
)
from backend.services.settings.imports import start_import, stop_import
from backend.services.settings.inviting import (
    invite,
    renew_invitation,
    revoke_invitation,
)
from backend.services.settings.never_log import add_never_log, remove_never_log
from backend.services.settings.own_domains import add_domain, open_domain, remove_domain
from backend.services.settings.own_mailbox import (
    choose_replies,
    choose_sharing,
    choose_taking_in,
    drop_alias,
    list_alias,
)
from backend.services.settings.policies import change_policy, check_choice
from backend.services.settings.shared_mailboxes import SharedChoices, change_shared_mailbox
from backend.services.settings.team import change_role
from backend.services.settings.unsubscribes import change_unsubscribes

__all__ = [
    "UNDO_SECONDS",
    "EmailChoices",
    "SharedChoices",
    "add_alias",
    "add_domain",
    "add_never_log",
    "add_trait",
    "change_email_settings",
    "change_policy",
    "change_role",
    "change_shared_mailbox",
    "change_unsubscribes",
    "check_choice",
    "choose_replies",
    "choose_sharing",
    "choose_taking_in",
    "disable_gmail",
    "drop_alias",
    "enable_gmail",
    "invite",
    "list_alias",
    "mark_mailbox",
    "open_domain",
    "remove_alias",
    "remove_domain",
    "remove_never_log",
    "remove_template",
    "remove_trait",
    "renew_invitation",
    "revoke_invitation",
    "save_template",
    "start_import",
    "stop_import",
]
