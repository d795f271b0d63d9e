"""How the audit log's actions are called, in groups as they are looked for.

Separate so that a test can hold it against the actions that services write down.
"""

from collections.abc import Mapping

GROUPS: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "team": (
        "Team and roles",
        {
            "member.invited": "Invited",
            "member.activated": "Let in",
            "member.deactivated": "Access taken away",
            "member.role_changed": "Role changed",
            "invitation.renewed": "Invitation renewed",
            "invitation.revoked": "Invitation withdrawn",
            "session.ended": "Signed out by hand",
            "member.logged_in_as": "Logged in as another member",
            "member.acted_as": "Act while logged in as another member",
        },
    ),
    "mailboxes": (
        "Mailboxes",
        {
            "mailbox.connected": "Mailbox connected",
            "mailbox.disconnected": "Mailbox disconnected",
            "mailbox.renamed": "Mailbox renamed",
            "mailbox.moved": "Mailbox moved to another address",
            "mailbox.marked": "Mailbox marked",
            "mailbox.shared_changed": "Shared mailbox changed",
            "template.saved": "Email template saved",
            "template.removed": "Email template deleted",
            "email_settings.changed": "Email settings changed",
            "import.started": "Import started",
            "import.stopped": "Import stopped",
            "alias.added": "Alias added",
            "alias.removed": "Alias removed",
            "smart_bcc.replaced": "Smart BCC address replaced",
        },
    ),
    "mail": (
        "Mail",
        {
            "message.unlogged": "Email taken out",
            "pending.cancelled": "Pending mail deleted",
            "inbound_mail.accepted": "Mail to a Smart BCC address taken in",
            "inbound_mail.discarded": "Mail to a Smart BCC address discarded",
            "conversation.split": "Conversation split",
            "conversation.merged": "Conversations merged",
            "conversation.split_undone": "Split undone",
            "conversation.merged_undone": "Merge undone",
        },
    ),
    "customers": (
        "Customers",
        {
            "contact.created": "Contact added",
            "contact.assigned": "Contacts assigned",
            "contact.preferred": "Contact preferred for an address",
            "contact.earlier_mail": "Earlier mail brought in",
            "contact.subscribed": "Subscribed",
            "contact.unsubscribed": "Unsubscribed",
            "contact.deleted": "Contact deleted",
            "person.ignored": "Unmatched person ignored",
            "person.heeded": "Unmatched person suggested again",
            "account.created": "Account added",
            "account.edited": "Account edited",
            "account.deleted": "Account deleted",
            "people.imported": "Customers imported",
            "list.uploaded": "Customer list uploaded",
            "list.checking": "Customer list checked",
            "list.running": "Customer list started",
            "list.stopped": "Customer list stopped",
            "list.undoing": "Customer list undone",
            "list.discarded": "Customer list discarded",
            "export.made": "Exported",
            "address.bounced": "Address stopped: mail came back",
            "address.complained": "Address stopped: reported as spam",
            "address.lifted": "Address may be written to again",
            "address.has_written": "Address wrote to us",
        },
    ),
    "workspace": (
        "Workspace",
        {
            "workspace.created": "Workspace created",
            "setup.confirmed": "Step at Google confirmed",
            "setup.withdrawn": "Step at Google to be checked again",
            "policy.changed": "Policy changed",
            "gmail.enabled": "Gmail turned on",
            "gmail.disabled": "Gmail turned off",
            "domain.added": "Own domain added",
            "domain.proven": "Own domain proven",
            "domain.removed": "Own domain removed",
            "never_log.added": "Never-log entry added",
            "never_log.removed": "Never-log entry removed",
            "trait.added": "Trait added",
            "trait.removed": "Trait removed",
            "unsubscribes.changed": "Unsubscribes changed",
        },
    ),
}
WORDS: Mapping[str, str] = {
    action: words for _, actions in GROUPS.values() for action, words in actions.items()
}


def called(action: str) -> str:
    """An action in words.

    >>> called("policy.changed"), called("thing.done_to_it")
    ('Policy changed', 'Thing done to it')
    """
    return WORDS.get(action) or action.replace(".", " ").replace("_", " ").capitalize()
