"""Why something was kept, skipped, moved, held or refused: a stored code and a sentence to show.

Rules, cards, pages and API answers share these sentences. `TABLE` is the one list: a reason is in
exactly one group, which says what happened to the message.
"""

from collections.abc import Mapping
from enum import StrEnum


class Group(StrEnum):
    """What happened to a message because of a reason."""

    KEPT = "kept"
    SKIPPED = "skipped"
    QUARANTINED = "quarantined"
    POSTPONED = "postponed"
    HELD = "held"
    DISCARDED = "discarded"
    FAILED = "failed"
    REFUSED = "refused"


class Reason(StrEnum):
    """The code of a reason, as stored. Never rename a value: rows hold it."""

    MATCHED_SENDER = "matched_sender"
    MATCHED_RECIPIENT = "matched_recipient"
    MATCHED_REPLY_TO = "matched_reply_to"
    MATCHED_DOMAIN = "matched_domain"
    FOLLOWED_THREAD = "followed_thread"
    LOGGED_BY_CLICK = "logged_by_click"
    SMART_BCC = "smart_bcc"
    SHARED_MAILBOX = "shared_mailbox"
    BOUNCE_OF_OURS = "bounce_of_ours"
    SENT_BY_RAPPORT = "sent_by_rapport"
    THIRD_PARTY_ALLOWED = "third_party_allowed"

    NOBODY_KNOWN = "nobody_known"
    NO_ACCOUNT_KNOWN = "no_account_known"
    ONLY_COPIED = "only_copied"
    ONLY_REPLY_TO = "only_reply_to"
    INTERNAL_ONLY = "internal_only"
    NEVER_LOG_ADDRESS = "never_log_address"
    NEVER_LOG_DOMAIN = "never_log_domain"
    NEVER_LOG_SUBJECT = "never_log_subject"
    DRAFT = "draft"
    CHAT = "chat"
    SPAM = "spam"
    TRASHED = "trashed"
    THIRD_PARTY_SENDER = "third_party_sender"
    NOT_ASSIGNED = "not_assigned"
    ERASED_PERSON = "erased_person"
    MESSAGE_GONE = "message_gone"
    OUTSIDE_IMPORT = "outside_import"
    ANSWERED_ELSEWHERE = "answered_elsewhere"
    UNLOGGED = "unlogged"
    REPORT_ON_OTHER_MAIL = "report_on_other_mail"

    CANNOT_PARSE = "cannot_parse"
    TOO_LARGE = "too_large"

    NOT_DUE = "not_due"
    WINDOW_CLOSED = "window_closed"
    HOURLY_LIMIT = "hourly_limit"
    DAILY_LIMIT = "daily_limit"
    SPACING = "spacing"
    PROVIDER_LIMIT = "provider_limit"
    PROVIDER_TROUBLE = "provider_trouble"
    SENDING_REFUSED = "sending_refused"
    LIMITER_DOWN = "limiter_down"
    MAILBOX_BUSY = "mailbox_busy"
    MAILBOX_PAUSED = "mailbox_paused"

    MAILBOX_DISCONNECTED = "mailbox_disconnected"
    MAILBOX_BLOCKED = "mailbox_blocked"
    SCOPE_MISSING = "scope_missing"
    LATE_AFTER_OUTAGE = "late_after_outage"
    CONTACT_REPLIED = "contact_replied"
    CONTENT_CHANGED = "content_changed"
    SENDER_GONE = "sender_gone"
    UNCONFIRMED = "unconfirmed"
    NO_WINDOW = "no_window"
    LIMIT_ZERO = "limit_zero"
    RECIPIENT_BLOCKED = "recipient_blocked"
    TAKEN_BACK = "taken_back"
    HANDED_OVER = "handed_over"
    REFUSED_FOR_DAYS = "refused_for_days"

    UNSUBSCRIBED = "unsubscribed"
    SUPPRESSED_BOUNCE = "suppressed_bounce"
    SUPPRESSED_COMPLAINT = "suppressed_complaint"
    SUPPRESSED_BY_HAND = "suppressed_by_hand"
    ERASED_RECIPIENT = "erased_recipient"

    REFUSED_BY_PROVIDER = "refused_by_provider"
    OVER_LIMIT = "over_limit"
    TOO_LARGE_TO_SEND = "too_large_to_send"
    TOO_MANY_RECIPIENTS = "too_many_recipients"
    NO_RECIPIENT = "no_recipient"

    INVALID_ADDRESS = "invalid_address"
    NOT_A_CONTACT = "not_a_contact"
    INTERNAL_RECIPIENT = "internal_recipient"
    GMAIL_NOT_SWITCHED_ON = "gmail_not_switched_on"
    SECOND_MAILBOX = "second_mailbox"
    NOT_A_MAILBOX = "not_a_mailbox"
    CONNECTED_ELSEWHERE = "connected_elsewhere"


TABLE: Mapping[Group, Mapping[Reason, str]] = {
    Group.KEPT: {
        Reason.MATCHED_SENDER: "Logged because {address}, who sent it, is a known contact.",
        Reason.MATCHED_RECIPIENT: "Logged because it was sent to {address}, a known contact.",
        Reason.MATCHED_REPLY_TO: "Logged because answers go to {address}, a known contact.",
        Reason.MATCHED_DOMAIN: "Logged because {address} belongs to the domain of a known account.",
        Reason.FOLLOWED_THREAD: "Logged because somebody chose to follow this thread.",
        Reason.LOGGED_BY_CLICK: "Logged because somebody clicked Log.",
        Reason.SMART_BCC: "Logged because it was copied to the smart BCC address.",
        Reason.SHARED_MAILBOX: "Logged because this shared mailbox takes in everything.",
        Reason.BOUNCE_OF_OURS: "Logged because it reports on mail sent from here.",
        Reason.SENT_BY_RAPPORT: "Logged because it was sent from Rapport.",
        Reason.THIRD_PARTY_ALLOWED: (
            "Logged because {address}, who is known, received it together with a team member, "
            "and mail from third parties is switched on."
        ),
    },
    Group.SKIPPED: {
        Reason.NOBODY_KNOWN: (
            "Not logged because nobody on it is a known contact. Create the contact to log it."
        ),
        Reason.NO_ACCOUNT_KNOWN: "Not logged because nobody on it has an account's mail domain.",
        Reason.ONLY_COPIED: (
            "Not logged because {address}, who is known, is only in Cc or Bcc, "
            "and those fields do not decide. A click on Log still logs it."
        ),
        Reason.ONLY_REPLY_TO: (
            "Not logged because {address}, who is known, is only in Reply-To, as in mail of a "
            "contact form, and that field does not decide. A click on Log still logs it."
        ),
        Reason.INTERNAL_ONLY: "Not logged because it stayed inside the team's own domains.",
        Reason.NEVER_LOG_ADDRESS: "Not logged because {address} is on the never-log list.",
        Reason.NEVER_LOG_DOMAIN: "Not logged because {domain} is on the never-log list.",
        Reason.NEVER_LOG_SUBJECT: (
            "Not logged because its subject holds a word of the never-log list."
        ),
        Reason.DRAFT: "Not logged because it is a draft.",
        Reason.CHAT: "Not logged because it is a chat message.",
        Reason.SPAM: "Not logged because Gmail calls it spam.",
        Reason.TRASHED: "Not logged because it is in Gmail's trash.",
        Reason.THIRD_PARTY_SENDER: (
            "Not logged because its sender is neither a customer nor a team member, "
            "and mail from third parties is switched off."
        ),
        Reason.NOT_ASSIGNED: "Not logged because {address} is not assigned to the mailbox's owner.",
        Reason.ERASED_PERSON: "Not logged because a person on it was erased and must stay so.",
        Reason.MESSAGE_GONE: "Not logged because it was no longer in Gmail when it was fetched.",
        Reason.ANSWERED_ELSEWHERE: "Not logged because another workspace answers this thread.",
        Reason.OUTSIDE_IMPORT: (
            "Not logged because it is older than the import reaches. Import further back to "
            "include it."
        ),
        Reason.UNLOGGED: "Not shown because somebody took it out of the history.",
        Reason.REPORT_ON_OTHER_MAIL: "Not logged because it reports on mail of somebody else.",
    },
    Group.QUARANTINED: {
        Reason.CANNOT_PARSE: (
            "Set aside because its content could not be read. It is kept and can be tried again."
        ),
        Reason.TOO_LARGE: "Set aside because it is larger than {limit}. It is still in Gmail.",
    },
    Group.POSTPONED: {
        Reason.NOT_DUE: "Waits because it is scheduled for {until}.",
        Reason.WINDOW_CLOSED: "Waits because the sender's sending window opens at {until}.",
        Reason.HOURLY_LIMIT: (
            "Waits because the limit of {limit} messages an hour is used up until {until}."
        ),
        Reason.DAILY_LIMIT: (
            "Waits because the limit of {limit} messages in 24 hours is used up until {until}."
        ),
        Reason.SPACING: "Waits to leave a pause after the message before it.",
        Reason.PROVIDER_LIMIT: "Waits until {until} because Google asked for a pause.",
        Reason.PROVIDER_TROUBLE: "Waits until {until}, when it is tried again: {answer}.",
        Reason.SENDING_REFUSED: "Waits until {until}, when Google is asked again: {answer}.",
        Reason.LIMITER_DOWN: (
            "Waits because the limits cannot be checked now. It is tried again by itself."
        ),
        Reason.MAILBOX_BUSY: "Waits because another message is leaving this mailbox right now.",
        Reason.MAILBOX_PAUSED: "Waits because sending from this mailbox is paused until {until}.",
    },
    Group.HELD: {
        Reason.MAILBOX_DISCONNECTED: (
            "Held because the mailbox is disconnected. It leaves once it is connected again."
        ),
        Reason.MAILBOX_BLOCKED: "Held because Google refuses the mailbox; it leaves once allowed.",
        Reason.SCOPE_MISSING: (
            "Held because permission to send is missing. It leaves once you allow it by connecting "
            "the mailbox again."
        ),
        Reason.LATE_AFTER_OUTAGE: (
            "Held because it should have left more than {limit} ago. "
            "Check that it still fits, then release it."
        ),
        Reason.CONTACT_REPLIED: (
            "Held because the contact has written since. Read the answer, then release or delete "
            "it."
        ),
        Reason.CONTENT_CHANGED: (
            "Held because something it relies on has changed. Look at the preview, then release it."
        ),
        Reason.SENDER_GONE: (
            "Held because its sender is no longer in the team. Choose another sender or delete it."
        ),
        Reason.UNCONFIRMED: (
            "Held because it could not be confirmed whether it left. Check Sent in Gmail before "
            "releasing it."
        ),
        Reason.NO_WINDOW: (
            "Held because the sender's sending windows never open. Change them, or send it now."
        ),
        Reason.LIMIT_ZERO: "Held because this mailbox's limit is 0. Ask an admin to raise it.",
        Reason.RECIPIENT_BLOCKED: (
            "Held because {address} must not be written to. Remove that recipient, then release it."
        ),
        Reason.HANDED_OVER: "Held because its writer left the team. Look at it, then release it.",
        Reason.TAKEN_BACK: "Held because it was taken back. Change it, then release it.",
        Reason.REFUSED_FOR_DAYS: (
            "Held because it failed for {limit}: {answer}. Change or release it."
        ),
    },
    Group.DISCARDED: {
        Reason.UNSUBSCRIBED: "Not sent because {address} has unsubscribed.",
        Reason.SUPPRESSED_BOUNCE: "Not sent because mail to {address} came back as undeliverable.",
        Reason.SUPPRESSED_COMPLAINT: "Not sent because {address} reported earlier mail as spam.",
        Reason.SUPPRESSED_BY_HAND: "Not sent because a team member stopped all mail to {address}.",
        Reason.ERASED_RECIPIENT: "Not sent because the person it was for has been erased.",
    },
    Group.FAILED: {
        Reason.REFUSED_BY_PROVIDER: "Not sent because Google refused it: {answer}.",
        Reason.OVER_LIMIT: (
            "Not sent because the mailbox's limit of {limit} was used up and the workspace "
            "lets such messages fail instead of waiting."
        ),
        Reason.TOO_LARGE_TO_SEND: (
            "Too large to send: the limit is {limit}. Remove or share attachments."
        ),
        Reason.TOO_MANY_RECIPIENTS: (
            "Too many recipients: at most {limit} fit in To, Cc and Bcc together. Split it."
        ),
        Reason.NO_RECIPIENT: "Nobody is in To. Add at least one recipient.",
    },
    Group.REFUSED: {
        Reason.INVALID_ADDRESS: "{address} is not a usable email address. Correct it.",
        Reason.NOT_A_CONTACT: (
            "{address} is not a contact, and conversations start only with contacts. Create the "
            "contact first."
        ),
        Reason.INTERNAL_RECIPIENT: (
            "{address} belongs to the team's own domains. Write to colleagues from Gmail, or put "
            "them in Cc."
        ),
        Reason.GMAIL_NOT_SWITCHED_ON: (
            "Gmail is not switched on for this workspace yet. An administrator does that first."
        ),
        Reason.SECOND_MAILBOX: (
            "This profile already has a mailbox, {address}, and one is the limit. Disconnect it "
            "first."
        ),
        Reason.NOT_A_MAILBOX: (
            "{address} is a group, an alias or a list. Only a mailbox with credentials of its own "
            "can be connected, because it has to sign in."
        ),
        Reason.CONNECTED_ELSEWHERE: (
            "{address} is already connected to another workspace, and one is the limit. "
            "Disconnect it there first."
        ),
    },
}

SENTENCES: Mapping[Reason, str] = {
    reason: sentence for group in TABLE.values() for reason, sentence in group.items()
}
# The text of a detail that the caller does not know (an old row, an unknown person).
UNKNOWN_DETAILS: Mapping[str, str] = {
    "address": "an address",
    "domain": "its domain",
    "limit": "the limit set here",
    "until": "a later time",
    "answer": "no further explanation was given",
}


def sentence(reason: Reason, **details: object) -> str:
    """The sentence for a person, with its details filled in; unknown ones are paraphrased.

    >>> sentence(Reason.MATCHED_SENDER, address="mia@alpha.example")
    'Logged because mia@alpha.example, who sent it, is a known contact.'
    >>> sentence(Reason.INVALID_ADDRESS)
    'An address is not a usable email address. Correct it.'
    """
    filled = SENTENCES[reason].format_map({**UNKNOWN_DETAILS, **details})
    return filled if "address" in details else filled[0].upper() + filled[1:]
