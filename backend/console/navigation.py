"""Every page with the names people use for it: the menu, quick-jump and redirects use this list."""

from collections.abc import Sequence
from dataclasses import dataclass

from backend.console.context import actor_or_none
from backend.domain.people.roles import RANK, Role


@dataclass(frozen=True)
class Entry:
    """A page. `also` holds the paths and words that other products and documents use for it."""

    title: str
    endpoint: str
    icon: str
    also: tuple[str, ...] = ()
    least: Role = Role.MEMBER
    menu: str = ""

    @property
    def noun(self) -> str:
        """What the menu marks as current."""
        return self.endpoint.partition(".")[0]


ENTRIES: tuple[Entry, ...] = (
    Entry("Home", "home.index", "home", ("Dashboard", "Team dashboard"), menu="main"),
    Entry("Conversations", "conversations.index", "messages", ("Active", "Inbox"), menu="main"),
    Entry("Pending", "pending.index", "clock", ("Conversations → Pending", "Scheduled", "Queue")),
    Entry(
        "New conversation",
        "composing.new",
        "mail-plus",
        ("Write an email", "Compose", "Start conversation"),
    ),
    Entry("Tasks", "tasks.index", "check", ("To do", "To-dos", "Reminders"), menu="main"),
    Entry("Accounts", "accounts.index", "building", ("Customers", "Companies"), menu="main"),
    Entry("Contacts", "contacts.index", "users", ("Users", "People"), menu="main"),
    Entry("Imports", "imports.index", "download", ("Historical import", "Sync"), menu="more"),
    Entry(
        "Import customers",
        "customer_lists.index",
        "download",
        ("CSV", "HubSpot", "Salesforce", "Pipedrive", "Bring your customers", "Upload contacts"),
    ),
    Entry(
        "Email settings",
        "email_settings.index",
        "settings",
        (
            "Settings → Personal Settings → Email settings",
            "Email Settings → Sending Windows",
            "Settings → Profile",
            "My Profile → General → Email (2-way sync)",
            "Disconnect Gmail",
            "Update email",
            "Sending limit",
            "BCC",
            "Signature",
            "Aliases",
        ),
    ),
    Entry(
        "Unmatched people",
        "unmatched.index",
        "users",
        ("Suggested contacts", "Unmatched queue", "Unknown senders", "Strangers"),
    ),
    Entry("Mail waiting", "smart_bcc.index", "mail-plus", ("Smart BCC", "Held mail", "Dropbox")),
    Entry(
        "Integrations: Gmail",
        "integrations.gmail",
        "brand-gmail",
        (
            "Settings → Data Management → Integrations → Gmail",
            "Settings → Gmail",
            "Connect my Gmail",
        ),
    ),
    Entry(
        "Shared mailboxes",
        "shared_mailboxes.index",
        "users-group",
        ("support@", "Group address", "Display name", "Dynamic Alias Name", "Apps → Email"),
    ),
    Entry(
        "Email templates",
        "email_templates.index",
        "mail-plus",
        ("Branding", "Branded template", "HTML template", "Letterhead"),
    ),
    Entry(
        "Add email address",
        "adding.service",
        "mail-plus",
        ("Apps → Email → Add Email Address → Gmail → Continue → Sign in with Google",),
    ),
    Entry(
        "Stopped addresses",
        "suppressions.index",
        "ban",
        ("Suppression list", "Suppressed", "Bounces", "Complaints", "Unsubscribed addresses"),
    ),
    Entry("Never log", "never_log.index", "ban", ("Blocklist", "Do not log", "Privacy")),
    Entry("Team and roles", "team.index", "users-group", ("Members", "Invite")),
    Entry(
        "Account traits",
        "account_traits.index",
        "building",
        ("Custom fields", "Customer fields", "Custom customer field", "Domain field"),
    ),
    Entry(
        "Unsubscribes",
        "unsubscribes.index",
        "ban",
        (
            "Settings → Activity → Conversation Settings → Unsubscribes",
            "Unsubscribe prefix",
            "Unsubscribe link",
        ),
    ),
    Entry(
        "Coverage",
        "coverage.index",
        "users-group",
        ("Who is missing", "Adoption", "Remind the team", "Not connected"),
        least=Role.ADMIN,
    ),
    Entry(
        "Audit log",
        "audit_log.index",
        "activity-heartbeat",
        ("Who did what", "History of changes", "Activity log", "Security log"),
        least=Role.ADMIN,
    ),
    Entry("Signed-in browsers", "audit_log.sessions", "users", ("Sessions", "Sign out everywhere")),
    Entry("Policies", "policies.index", "adjustments", ("Workspace settings", "D-1", "Choices")),
    Entry(
        "Health",
        "health.index",
        "activity-heartbeat",
        ("Status", "Errors", "Completeness", "Last sync"),
        menu="more",
    ),
    Entry(
        "Admin setup",
        "setup.index",
        "settings",
        (
            "Security → API controls → Manage third-party app access",
            "Google Admin",
            "OAuth client ID",
            "Trusted app",
        ),
        least=Role.ADMIN,
        menu="more",
    ),
    Entry(
        "First steps",
        "first_steps.index",
        "check",
        ("Getting started", "Onboarding", "Set up the workspace"),
        least=Role.ADMIN,
    ),
    Entry("Workspaces", "workspaces.index", "building", ("Switch workspace", "Invitations")),
    Entry(
        "Help",
        "help.index",
        "help-circle",
        (
            "A mail is missing",
            "Support",
            "Questions and answers",
            "Password changed",
            "Disconnected",
        ),
        menu="more",
    ),
    Entry("Why is it here?", "why.index", "help-circle", ("Why was this not synced", "Decisions")),
)


def entries(menu: str = "") -> Sequence[Entry]:
    """The pages this reader may open, in list order; only those of one menu if given."""
    actor = actor_or_none()
    if actor is None:
        return ()
    rank = RANK[actor.role]
    return [
        entry for entry in ENTRIES if RANK[entry.least] <= rank and (not menu or entry.menu == menu)
    ]


def matching(words: str) -> Sequence[Entry]:
    """The pages whose title or other names contain every word; all of them without words."""
    wanted = words.lower().split()
    return [
        entry
        for entry in entries()
        if all(word in " ".join((entry.title, *entry.also)).lower() for word in wanted)
    ]
