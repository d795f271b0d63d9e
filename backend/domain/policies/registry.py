"""All 34 policies in order, by area, and `Policies`: what is in force for a workspace or a member.

Separate from the policies so that each can be read alone; only this module knows all of them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from backend.domain.policies import mail_in, mail_out, mailboxes
from backend.domain.policies.policy import Policy
from backend.domain.policies.setting import AnySetting, Level
from backend.errors import InputError

POLICIES: tuple[Policy, ...] = tuple(
    sorted(
        (*mail_in.POLICIES, *mail_out.POLICIES, *mailboxes.POLICIES),
        key=lambda policy: int(policy.id.removeprefix("D-")),
    )
)
AREAS: Mapping[str, tuple[int, ...]] = {
    "Decide these three first": (1, 4, 20),
    "Which mail comes in": (2, 3, 5, 19, 22, 33),
    "Where mail is filed": (6, 7, 18),
    "When mail leaves": (8, 9, 10, 12, 11, 24, 13),
    "What leaves": (23, 25, 26, 27, 32, 14, 29),
    "Mailboxes": (16, 15, 17, 21, 28, 34),
    "Tasks": (30, 31),
}
"""The rows as they belong together on a page, by the numbers of their ids. First come those that
decide what a new workspace reads, whom it knows and who takes part.
"""
SETTINGS: Mapping[str, AnySetting] = {
    setting.name: setting for policy in POLICIES for setting in policy.settings
}


def policy(policy_id: str) -> Policy:
    """The row of one disagreement.

    >>> policy("D-9").question
    'What happens to a message when the limit is used up?'
    """
    return next(row for row in POLICIES if row.id == policy_id)


def check(name: str, text: str, *, level: Level = Level.WORKSPACE) -> None:
    """Raise InputError that names the setting unless `text` may be set for it on this level."""
    setting = SETTINGS.get(name)
    if setting is None:
        sentence = f"There is no setting {name}."
        raise InputError(sentence, {name: sentence})
    if level not in setting.levels:
        sentence = f"{setting.label} cannot be set for a {level}."
        raise InputError(sentence, {name: sentence})
    setting.check(text)


@dataclass(frozen=True)
class Policies:
    """What is in force. Every attribute is a setting, and reading it gives its typed value.

    >>> Policies().import_count
    1000
    >>> Policies.from_overrides({"import.n": "200"}).import_count
    200
    """

    overrides: Mapping[str, str] = field(default_factory=dict)

    import_mode = mail_in.IMPORT_MODE
    import_count = mail_in.IMPORT_COUNT
    import_days = mail_in.IMPORT_DAYS
    capture = mail_in.CAPTURE
    match_fields = mail_in.MATCH_FIELDS
    third_party_sender = mail_in.THIRD_PARTY_SENDER
    contact_creation = mail_in.CONTACT_CREATION
    late_match = mail_in.LATE_MATCH
    multi_match = mail_in.MULTI_MATCH
    thread_owner = mail_in.THREAD_OWNER
    match_by_domain = mail_in.MATCH_BY_DOMAIN
    require_assignment = mail_in.REQUIRE_ASSIGNMENT
    gmail_changes = mail_in.GMAIL_CHANGES
    sync_pace = mail_in.SYNC_PACE

    daily_limit = mail_out.DAILY_LIMIT
    provider_ceiling = mail_out.PROVIDER_CEILING
    over_limit = mail_out.OVER_LIMIT
    hourly_limit = mail_out.HOURLY_LIMIT
    day = mail_out.DAY
    admin_cap = mail_out.ADMIN_CAP
    automation_channel = mail_out.AUTOMATION_CHANNEL
    bulk_channel = mail_out.BULK_CHANNEL
    bulk_threshold = mail_out.BULK_THRESHOLD
    window_applies_to = mail_out.WINDOW_APPLIES_TO
    send_now_bypass = mail_out.SEND_NOW_BYPASS
    message_end = mail_out.MESSAGE_END
    max_attachment_mb = mail_out.MAX_ATTACHMENT_MB
    unsubscribe_scope = mail_out.UNSUBSCRIBE_SCOPE
    group_max_recipients = mail_out.GROUP_MAX_RECIPIENTS

    track_opens = mailboxes.TRACK_OPENS
    max_mailboxes = mailboxes.MAX_MAILBOXES
    aliases = mailboxes.ALIASES
    group_address_kind = mailboxes.GROUP_ADDRESS_KIND
    connect_own = mailboxes.CONNECT_OWN
    connect_shared = mailboxes.CONNECT_SHARED
    disconnect_history = mailboxes.DISCONNECT_HISTORY
    reply_quote = mailboxes.REPLY_QUOTE
    from_name = mailboxes.FROM_NAME
    share_mailbox = mailboxes.SHARE_MAILBOX
    location_retain = mailboxes.LOCATION_RETAIN
    impersonate = mailboxes.IMPERSONATE
    tasks_target = mailboxes.TASKS_TARGET
    on_task_complete = mailboxes.ON_TASK_COMPLETE

    @classmethod
    def from_overrides(cls, overrides: Mapping[str, str]) -> "Policies":
        """What a workspace chose. Raises InputError that names the first unusable setting."""
        for name, text in overrides.items():
            check(name, text)
        return cls(dict(overrides))

    def narrowed(self, overrides: Mapping[str, str], *, level: Level) -> "Policies":
        """The same for one mailbox, member or conversation that chose something of its own.

        >>> workspace = Policies.from_overrides({"send.hourly": "30"})
        >>> workspace.narrowed({"send.hourly": "45"}, level=Level.MEMBER).hourly_limit
        30
        """
        merged = dict(self.overrides)
        for name, text in overrides.items():
            check(name, text, level=level)
            wider = merged.get(name)
            merged[name] = text if wider is None else SETTINGS[name].combine(wider, text)
        return Policies(merged)

    def text(self, name: str) -> str:
        """The value in force as text, for pages and the API."""
        return self.overrides.get(name, SETTINGS[name].default_text)
