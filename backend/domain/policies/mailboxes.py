"""Choices about mailboxes and people: who connects what, what it shows, and who may act for whom.

D-14 … D-17, D-20, D-21, D-23, D-25, D-28 and D-34, and the two about tasks, D-30 and D-31.
"""

from enum import StrEnum

from backend.domain.policies.kinds import Choice, Fixed, Number, Toggle
from backend.domain.policies.policy import Policy
from backend.domain.policies.setting import Level


class MailboxKind(StrEnum):
    """How a group address such as support@ is connected."""

    PERSONAL = "personal"
    SHARED = "shared"


class ConnectRole(StrEnum):
    """The least role that may connect a mailbox."""

    MEMBER = "member"
    LEADER = "leader"
    ADMIN = "admin"


class DisconnectHistory(StrEnum):
    """What happens to the history of a disconnected mailbox."""

    KEEP = "keep"
    KEEP_AND_REDACT = "keep+redact"


class ReplyQuote(StrEnum):
    """What is quoted below a reply."""

    SINGLE = "single"
    HISTORY = "history"


class FromName(StrEnum):
    """The name recipients see."""

    DISPLAY = "display"
    AGENT = "agent"
    AGENT_ADDRESS = "agent_address"


class LocationRetain(StrEnum):
    """Who keeps a thread when one mailbox serves several workspaces."""

    REPLIED_ONLY = "replied_only"
    ALL = "all"


class TasksTarget(StrEnum):
    """Where tasks are mirrored to."""

    GOOGLE_TASKS = "google_tasks"
    CALENDAR_EVENTS = "calendar_events"


class OnTaskComplete(StrEnum):
    """What a completed task does to its mirror."""

    DELETE = "delete"
    COMPLETE = "complete"


ROLES = {
    ConnectRole.MEMBER: "Every team member may.",
    ConnectRole.LEADER: "Leaders and admins may.",
    ConnectRole.ADMIN: "Only admins may.",
}
PER_MAILBOX = frozenset({Level.WORKSPACE, Level.MAILBOX})

TRACK_OPENS = Toggle(
    name="tracking.opens",
    label="Knowing that a mail was read",
    default=True,
    levels=frozenset({Level.WORKSPACE, Level.MAILBOX, Level.CONVERSATION}),
    off="No pixel is put in mail.",
    on="A pixel in each mail records views. Read receipts are never asked for.",
)
MAX_MAILBOXES = Number(
    name="profile.max_mailboxes",
    label="Personal mailboxes of one member",
    default=1,
    minimum=1,
    maximum=10,
    unit="for each member; shared ones do not count",
)
ALIASES = Fixed(
    name="mailbox.aliases",
    label="Aliases",
    default="match_only",
    sentence="An alias is listed and matches as its owner; it is never connected by itself.",
)
GROUP_ADDRESS_KIND = Choice(
    name="mailbox.kind",
    label="Address such as support@",
    default=MailboxKind.SHARED,
    levels=PER_MAILBOX,
    sentences={
        MailboxKind.PERSONAL: "It belongs to a member of its own, with a seat.",
        MailboxKind.SHARED: "It is a shared mailbox that several members use.",
    },
)
CONNECT_OWN = Choice(
    name="mailbox.connect.own",
    label="Connect one's own mailbox",
    default=ConnectRole.MEMBER,
    sentences=ROLES,
)
CONNECT_SHARED = Choice(
    name="mailbox.connect.shared",
    label="Connect a shared mailbox",
    default=ConnectRole.ADMIN,
    sentences=ROLES,
)
DISCONNECT_HISTORY = Choice(
    name="disconnect.history",
    label="History after disconnecting",
    default=DisconnectHistory.KEEP,
    sentences={
        DisconnectHistory.KEEP: "Everything logged stays; nothing new is read or sent.",
        DisconnectHistory.KEEP_AND_REDACT: (
            "Who, when and the subject stay; texts and files that no other mailbox has are removed."
        ),
    },
)
REPLY_QUOTE = Choice(
    name="reply.quote",
    label="Below a reply",
    default=ReplyQuote.SINGLE,
    levels=PER_MAILBOX,
    sentences={
        ReplyQuote.SINGLE: (
            "A reply holds only its own text. Fits unrelated questions one after the other, and "
            "many messages whose history does not matter."
        ),
        ReplyQuote.HISTORY: (
            "The earlier mails follow below. Fits reminding people of their question, and "
            "troubleshooting back and forth."
        ),
    },
)
FROM_NAME = Choice(
    name="mailbox.from_name",
    label="Name shown as sender",
    default=FromName.DISPLAY,
    levels=PER_MAILBOX,
    sentences={
        FromName.DISPLAY: "Recipients see the mailbox's display name.",
        FromName.AGENT: "Recipients see the name of the member who wrote; the address stays.",
        FromName.AGENT_ADDRESS: (
            "Mail of a shared mailbox leaves from the address of the member who wrote; answers go "
            "to the shared one. Other mail carries its display name."
        ),
    },
)
SHARE_MAILBOX = Toggle(
    name="location.share_mailbox",
    label="One Gmail in several workspaces",
    default=False,
    words=("no", "yes"),
    off="A Gmail account is connected in one workspace only.",
    on="A Gmail account may be connected in several workspaces that all choose this.",
)
LOCATION_RETAIN = Choice(
    name="location.retain",
    label="Who keeps a thread of a mailbox in several workspaces",
    default=LocationRetain.REPLIED_ONLY,
    sentences={
        LocationRetain.REPLIED_ONLY: (
            "What we write in it stays in the workspace it is answered from; the contact's mail is "
            "in all of them."
        ),
        LocationRetain.ALL: "Every workspace keeps all of it.",
    },
)
IMPERSONATE = Toggle(
    name="admin.impersonate",
    label="Log in as another member",
    default=False,
    off="Nobody can act as somebody else.",
    on=(
        "Admins can, for an hour: they see what the member sees, under a banner, without sending "
        "mail, and every act is recorded under both names."
    ),
)
TASKS_TARGET = Choice(
    name="tasks.target",
    label="Where tasks go in Google",
    default=TasksTarget.GOOGLE_TASKS,
    sentences={
        TasksTarget.GOOGLE_TASKS: "A list of their own in Google Tasks, which Calendar shows.",
        TasksTarget.CALENDAR_EVENTS: "Entries in Google Calendar.",
    },
)
ON_TASK_COMPLETE = Choice(
    name="tasks.on_complete",
    label="Completed task in Google",
    default=OnTaskComplete.DELETE,
    sentences={
        OnTaskComplete.DELETE: "It is deleted in Google.",
        OnTaskComplete.COMPLETE: "It is ticked off in Google.",
    },
)

POLICIES = (
    Policy(
        id="D-14",
        title="Opens",
        question="Is it recorded that a mail was opened?",
        why=(
            "An open is a hint for the sender; it starts nothing by itself and can be switched off."
        ),
        settings=(TRACK_OPENS,),
    ),
    Policy(
        id="D-15",
        title="Mailboxes of a member",
        question="How many mailboxes may one member connect?",
        why="One keeps it clear who writes; shared mailboxes are objects of their own.",
        settings=(MAX_MAILBOXES,),
    ),
    Policy(
        id="D-16",
        title="Aliases",
        question="Can an alias or a Google Group be connected?",
        why="Connecting needs credentials of its own, which an alias does not have.",
        settings=(ALIASES,),
    ),
    Policy(
        id="D-17",
        title="Group addresses",
        question="How is an address such as support@ connected?",
        why="Several people answer there, so it should belong to none of them.",
        settings=(GROUP_ADDRESS_KIND,),
    ),
    Policy(
        id="D-20",
        title="Who may connect",
        question="Which role may connect a mailbox?",
        why="Everybody answers for their own mailbox; a shared one concerns the workspace.",
        settings=(CONNECT_OWN, CONNECT_SHARED),
    ),
    Policy(
        id="D-21",
        title="After disconnecting",
        question="What happens to the history of a disconnected mailbox?",
        why="The history belongs to the customer relationship and not to the connection.",
        settings=(DISCONNECT_HISTORY,),
    ),
    Policy(
        id="D-23",
        title="Quoting in replies",
        question="Do replies repeat the earlier mails?",
        why="Mail programs show the thread anyway.",
        settings=(REPLY_QUOTE,),
    ),
    Policy(
        id="D-25",
        title="Name shown as sender",
        question="Whose name do recipients see?",
        why="A name that stays the same is recognised, and the address answers come from too.",
        settings=(FROM_NAME,),
    ),
    Policy(
        id="D-28",
        title="One Gmail in several workspaces",
        question="May one Gmail account serve several workspaces?",
        why="Two places that read and send for one mailbox confuse both.",
        settings=(SHARE_MAILBOX, LOCATION_RETAIN),
    ),
    Policy(
        id="D-30",
        title="Where tasks go",
        question="Do tasks become a task list or calendar entries?",
        why="A task list shows in the calendar as well, and does not block time.",
        settings=(TASKS_TARGET,),
    ),
    Policy(
        id="D-31",
        title="Completed tasks",
        question="What does completing a task do in Google?",
        why="A task that is done here should not be seen as open elsewhere.",
        settings=(ON_TASK_COMPLETE,),
    ),
    Policy(
        id="D-34",
        title="Acting as another member",
        question="May an admin log in as another member?",
        why="A mailbox rests on credentials of one's own, so this is off until it is needed.",
        settings=(IMPERSONATE,),
    ),
)
