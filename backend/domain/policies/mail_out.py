"""Choices about mail out: how much, when, by which path, how large and to how many.

D-8 … D-13, D-24, D-26, D-27, D-29 and D-32. Each setting is read by one rule only.
"""

from enum import StrEnum

from backend.domain.policies.kinds import Choice, Fixed, Number, OptionalNumber
from backend.domain.policies.policy import Policy
from backend.domain.policies.setting import Level


class OverLimit(StrEnum):
    """What happens to mail beyond the limit."""

    WAIT = "wait"
    FAIL = "fail"


class Channel(StrEnum):
    """The path mail leaves by."""

    GMAIL = "gmail"
    PROVIDER = "provider"


class WindowAppliesTo(StrEnum):
    """Which mail waits for the sender's window."""

    AUTOMATED = "automated"
    ALL_SCHEDULED = "all_scheduled"


class SendNowBypass(StrEnum):
    """What "send now" does not wait for. The limits are never among it."""

    WINDOW = "window"
    NOTHING = "nothing"


class UnsubscribeScope(StrEnum):
    """Which mail an unsubscribe stops."""

    WORKSPACE = "workspace"
    CHANNEL = "channel"


CHANNELS = {
    Channel.GMAIL: "From the sender's own Gmail, under its limits.",
    Channel.PROVIDER: "From the workspace's email provider, which has limits of its own.",
}

DAILY_LIMIT = Number(
    name="send.daily",
    label="Messages in 24 hours",
    default=250,
    levels=frozenset({Level.MEMBER}),
    minimum=1,
    maximum=1000,
    unit="messages in any 24 hours",
)
PROVIDER_CEILING = Number(
    name="send.provider_ceiling",
    label="What Google allows in 24 hours",
    default=2000,
    minimum=1,
    maximum=2000,
    unit="messages in any 24 hours; 500 for a trial",
)
OVER_LIMIT = Choice(
    name="send.over_limit",
    label="Beyond the limit",
    default=OverLimit.WAIT,
    sentences={
        OverLimit.WAIT: "The message waits until the sender is within the limit again.",
        OverLimit.FAIL: "The message fails, and its author is notified.",
    },
)
HOURLY_LIMIT = Number(
    name="send.hourly",
    label="Messages in an hour",
    default=60,
    levels=frozenset({Level.WORKSPACE, Level.MEMBER}),
    minimum=1,
    maximum=60,
    unit="messages in any hour",
    lowers_only=True,
)
DAY = Fixed(
    name="send.day",
    label="What a day is",
    default="rolling_24_hours",
    sentence="A day is the last 24 hours at any moment, as Google counts it.",
)
ADMIN_CAP = OptionalNumber(
    name="send.admin_cap",
    label="Highest daily limit a member may use",
    default=None,
    minimum=1,
    maximum=1000,
    unit="messages in any 24 hours",
    unset="Each member sets their own daily limit, and nobody changes it for all.",
)
AUTOMATION_CHANNEL = Choice(
    name="automation.channel",
    label="Path of playbook mail",
    default=Channel.GMAIL,
    sentences=CHANNELS,
)
BULK_CHANNEL = Choice(
    name="bulk.channel", label="Path of bulk mail", default=Channel.PROVIDER, sentences=CHANNELS
)
BULK_THRESHOLD = Number(
    name="bulk.threshold",
    label="From how many conversations on it is bulk mail",
    default=25,
    minimum=2,
    maximum=1000,
    unit="conversations started at once",
)
WINDOW_APPLIES_TO = Choice(
    name="window.applies_to",
    label="Mail that waits for the sending window",
    default=WindowAppliesTo.ALL_SCHEDULED,
    sentences={
        WindowAppliesTo.AUTOMATED: "Only mail of playbooks and bulk mail waits for the window.",
        WindowAppliesTo.ALL_SCHEDULED: "All pending mail waits for the window.",
    },
)
SEND_NOW_BYPASS = Choice(
    name="send_now.bypass",
    label="What send now skips",
    default=SendNowBypass.WINDOW,
    sentences={
        SendNowBypass.WINDOW: "Send now skips the window, never the limits.",
        SendNowBypass.NOTHING: "Send now only brings the date forward; the window still holds.",
    },
)
MESSAGE_END = Fixed(
    name="message.end",
    label="Order at the end of a message",
    default="body_signature_unsubscribe",
    sentence="Body, signature, unsubscribe line; the template surrounds all three.",
)
MAX_ATTACHMENT_MB = Number(
    name="send.max_attachment_mb",
    label="Attachments of one message",
    default=25,
    minimum=1,
    maximum=25,
    unit="MB, the files as they are",
)
UNSUBSCRIBE_SCOPE = Choice(
    name="unsubscribe.scope",
    label="What an unsubscribe stops",
    default=UnsubscribeScope.WORKSPACE,
    sentences={
        UnsubscribeScope.WORKSPACE: "It holds for every path mail can leave by.",
        UnsubscribeScope.CHANNEL: "It holds for the path of the mail it was clicked in.",
    },
)
GROUP_MAX_RECIPIENTS = Number(
    name="group.max_recipients",
    label="Recipients of one message",
    default=100,
    minimum=1,
    maximum=100,
    unit="addresses in To, Cc and Bcc together",
)

POLICIES = (
    Policy(
        id="D-8",
        title="Daily limit",
        question="How many messages may leave a mailbox in 24 hours?",
        why="A sender's reputation is slow to repair, so the start is well below Google's ceiling.",
        settings=(DAILY_LIMIT, PROVIDER_CEILING),
    ),
    Policy(
        id="D-9",
        title="Beyond the limit",
        question="What happens to a message when the limit is used up?",
        why="Waiting loses nothing, and the forecast says until when.",
        settings=(OVER_LIMIT,),
    ),
    Policy(
        id="D-10",
        title="Hourly limit",
        question="How many messages may leave a mailbox in an hour?",
        why="One a minute looks like a person; faster looks like a machine to Google.",
        settings=(HOURLY_LIMIT,),
    ),
    Policy(
        id="D-11",
        title="What a day is",
        question="Does the daily limit start again at midnight?",
        why="Google counts any 24 hours, so two bursts around midnight would count together.",
        settings=(DAY,),
    ),
    Policy(
        id="D-12",
        title="Who sets limits",
        question="May an admin lower the members' own limits?",
        why="Members answer for their own mailbox; a cap can lower a limit, never raise it.",
        settings=(ADMIN_CAP,),
    ),
    Policy(
        id="D-13",
        title="Path of automated and bulk mail",
        question="Do playbooks and bulk mail leave from Gmail or from the provider?",
        why="A playbook speaks for one person; bulk mail can get a Gmail account blocked.",
        settings=(AUTOMATION_CHANNEL, BULK_CHANNEL, BULK_THRESHOLD),
    ),
    Policy(
        id="D-24",
        title="Sending window",
        question="Which mail waits for the sending window, and what does send now skip?",
        why="A window is a promise to recipients; send now is a person's decision against it.",
        settings=(WINDOW_APPLIES_TO, SEND_NOW_BYPASS),
    ),
    Policy(
        id="D-26",
        title="End of a message",
        question="What comes after the body?",
        why="The signature closes the letter; the unsubscribe line is no part of it.",
        settings=(MESSAGE_END,),
    ),
    Policy(
        id="D-27",
        title="Size of attachments",
        question="How large may attachments be?",
        why="Gmail takes 25 MB; the encoded message is checked as well, before it is queued.",
        settings=(MAX_ATTACHMENT_MB,),
    ),
    Policy(
        id="D-29",
        title="Unsubscribe across paths",
        question="Does an unsubscribe hold for Gmail and the provider alike?",
        why="Somebody who unsubscribes means the company, not its software.",
        settings=(UNSUBSCRIBE_SCOPE,),
    ),
    Policy(
        id="D-32",
        title="Group conversations",
        question="How many recipients may one message have?",
        why="Google takes 100 in one message; above it the product offers to split.",
        settings=(GROUP_MAX_RECIPIENTS,),
    ),
)
