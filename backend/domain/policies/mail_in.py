"""Choices about mail in: how far back, what is taken in, and how it is matched to people.

D-1 … D-7, D-18, D-19, D-22 and D-33. Each setting is read by one rule only.
"""

from enum import StrEnum

from backend.domain.policies.kinds import Choice, Fixed, ManyOf, Number, OptionalName, Toggle
from backend.domain.policies.policy import Policy
from backend.domain.policies.setting import Level


class ImportMode(StrEnum):
    """How far back the first import reaches."""

    NONE = "none"
    LAST_N = "last_n"
    LAST_DAYS = "last_days"


class Capture(StrEnum):
    """What a mailbox takes in."""

    MATCHED = "matched"
    ALL = "all"


class MatchField(StrEnum):
    """A header field that can decide whether a message is taken in."""

    FROM = "from"
    TO = "to"
    CC = "cc"
    BCC = "bcc"
    REPLY_TO = "reply_to"


class ContactCreation(StrEnum):
    """What may create a contact for somebody unknown."""

    NEVER = "never"
    SMART_BCC = "smart_bcc"
    ONE_CLICK = "one_click"
    BOTH = "smart_bcc+one_click"


class LateMatch(StrEnum):
    """What happens with older mail when a contact is added."""

    OFF = "off"
    ASK = "ask"
    ON = "on"


class MultiMatch(StrEnum):
    """Whose history a message enters when several contacts or accounts fit."""

    ALL = "all"
    FIRST_CREATED = "first_created"
    NEWEST = "newest"


class ThreadOwner(StrEnum):
    """Who owns a conversation with several recipients."""

    FIRST_RECIPIENT = "first_recipient"
    NONE = "none"


IMPORT_MODE = Choice(
    name="import.mode",
    label="How far back the import reaches",
    default=ImportMode.LAST_N,
    sentences={
        ImportMode.NONE: "Nothing older is imported; mail counts from the connection on.",
        ImportMode.LAST_N: "The most recent messages are imported, up to a number.",
        ImportMode.LAST_DAYS: "Everything of the last days is imported.",
    },
)
IMPORT_COUNT = Number(
    name="import.n",
    label="Messages to import",
    default=1000,
    minimum=1,
    maximum=50_000,
    unit="messages looked at, replies counted one by one",
)
IMPORT_DAYS = Number(
    name="import.days",
    label="Days to import",
    default=183,
    minimum=1,
    maximum=3650,
    unit="days back from the connection",
)
CAPTURE = Choice(
    name="mailbox.capture",
    label="What the mailbox takes in",
    default=Capture.MATCHED,
    levels=frozenset({Level.MAILBOX}),
    sentences={
        Capture.MATCHED: "Only mail with known contacts is taken in.",
        Capture.ALL: "All mail is taken in; only a shared mailbox may choose this.",
    },
)
MATCH_FIELDS = ManyOf(
    name="match.fields",
    label="Fields that decide",
    default=frozenset({MatchField.FROM, MatchField.TO}),
    required=frozenset({MatchField.FROM, MatchField.TO}),
    sentences={
        MatchField.FROM: "A known contact as sender takes the message in.",
        MatchField.TO: "A known contact among the recipients takes the message in.",
        MatchField.CC: "A known contact in Cc takes the message in, too.",
        MatchField.BCC: "A known contact in Bcc takes the message in, too.",
        MatchField.REPLY_TO: (
            "A known contact whom replies go to takes the message in, too, no matter who sent it: "
            "that is how contact forms write."
        ),
    },
)
THIRD_PARTY_SENDER = Toggle(
    name="match.third_party_sender",
    label="Mail from third parties",
    default=False,
    off="The sender must be a contact or a team member.",
    on="A stranger's mail to a contact and a team member is taken in, too.",
)
CONTACT_CREATION = Choice(
    name="contacts.create",
    label="What may create a contact",
    default=ContactCreation.BOTH,
    sentences={
        ContactCreation.NEVER: "Contacts are only created in the console, by import or by the API.",
        ContactCreation.SMART_BCC: "Mail copied to the smart BCC address creates its contact.",
        ContactCreation.ONE_CLICK: "One click in the side panel creates the contact.",
        ContactCreation.BOTH: "Both the smart BCC address and one click create contacts.",
    },
)
LATE_MATCH = Choice(
    name="match.late",
    label="Older mail of a new contact",
    default=LateMatch.ASK,
    sentences={
        LateMatch.OFF: "Mail from before the contact existed stays out.",
        LateMatch.ASK: "A button with a count and a preview offers to bring it in.",
        LateMatch.ON: "It is brought in by itself.",
    },
)
MULTI_MATCH = Choice(
    name="match.multi",
    label="Several contacts or accounts fit",
    default=MultiMatch.ALL,
    sentences={
        MultiMatch.ALL: "The message is shown under all of them.",
        MultiMatch.FIRST_CREATED: "It is shown under the contact that was created first.",
        MultiMatch.NEWEST: "It is shown under the contact that was created last.",
    },
)
THREAD_OWNER = Choice(
    name="thread.owner",
    label="Main contact of a conversation with several recipients",
    default=ThreadOwner.FIRST_RECIPIENT,
    sentences={
        ThreadOwner.FIRST_RECIPIENT: (
            "The first known recipient is its main contact; it is filed under the others, too."
        ),
        ThreadOwner.NONE: "It has no main contact and is filed under all known recipients alike.",
    },
)
MATCH_BY_DOMAIN = OptionalName(
    name="match.by_domain",
    label="Matching by domain",
    default=None,
    off="Mail is filed under the contacts whose addresses are on it.",
)
REQUIRE_ASSIGNMENT = Toggle(
    name="match.require_assignment",
    label="Contact must be assigned to the mailbox's owner",
    default=False,
    off="Every known contact's mail is taken in.",
    on="Mail is taken in only in the mailbox of the member the contact is assigned to.",
)
GMAIL_CHANGES = Toggle(
    name="gmail.changes",
    label="Follow changes made in Gmail",
    default=True,
    off="Labels, read state and trash stay as they were when the message arrived.",
    on="Labels, read state and trash follow Gmail. Redaction is never pushed to Gmail.",
)
SYNC_PACE = Fixed(
    name="sync.pace",
    label="Pace of import and live mail",
    default="live_in_seconds",
    sentence="Live mail arrives within seconds; a first import may take up to 24 hours.",
)

POLICIES = (
    Policy(
        id="D-1",
        title="Historical import",
        question="How far back does the first import of a mailbox reach?",
        why="A thousand messages show a relationship and load in minutes; calendars use the days.",
        settings=(IMPORT_MODE, IMPORT_COUNT, IMPORT_DAYS),
    ),
    Policy(
        id="D-2",
        title="What is taken in",
        question="Does a mailbox take in all mail or only mail with contacts?",
        why="A personal mailbox holds private mail, so only mail with known contacts is taken in.",
        settings=(CAPTURE,),
    ),
    Policy(
        id="D-3",
        title="Fields that decide",
        question="In which fields must a contact appear for a message to be taken in?",
        why="From and To say who is talking; people in Cc and Bcc are added once somebody matched.",
        settings=(MATCH_FIELDS, THIRD_PARTY_SENDER),
    ),
    Policy(
        id="D-4",
        title="Unknown people",
        question="What may create a contact for somebody unknown?",
        why="A person's own act creates contacts; plain sync never does.",
        settings=(CONTACT_CREATION,),
    ),
    Policy(
        id="D-5",
        title="Contact added later",
        question="What happens with older mail when a contact is added?",
        why="Somebody should see what would come in before it does.",
        settings=(LATE_MATCH,),
    ),
    Policy(
        id="D-6",
        title="One address, several accounts",
        question="Where is a message shown when several contacts or accounts fit?",
        why="Showing it everywhere hides it from nobody who looks.",
        settings=(MULTI_MATCH,),
    ),
    Policy(
        id="D-7",
        title="Several recipients",
        question="Who is the main contact of a conversation with several recipients?",
        why="One main contact gives the conversation a name, and all others still find it.",
        settings=(THREAD_OWNER,),
    ),
    Policy(
        id="D-18",
        title="Matching by domain",
        question="Is mail filed by the people on it, or by the mail domains of companies?",
        why="A domain can hold people who are no customers, so it must be chosen.",
        settings=(MATCH_BY_DOMAIN,),
    ),
    Policy(
        id="D-19",
        title="Assigned contacts only",
        question="Must a contact be assigned to the owner of the mailbox?",
        why="Mail with a contact belongs in the history, no matter which colleague got it.",
        settings=(REQUIRE_ASSIGNMENT,),
    ),
    Policy(
        id="D-22",
        title="Changes made in Gmail",
        question="Do labels, read state and trash follow Gmail?",
        why="People work in Gmail, and the history should agree with what they see there.",
        settings=(GMAIL_CHANGES,),
    ),
    Policy(
        id="D-33",
        title="How soon mail arrives",
        question="How soon is new and older mail here?",
        why="New mail must be seen at once; a first import is bound by what Google allows.",
        settings=(SYNC_PACE,),
    ),
)
