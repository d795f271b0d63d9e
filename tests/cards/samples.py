"""Summaries that the card tests draw. One Saturday afternoon in Berlin."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from backend.domain.capture.late_match import LeaveOut
from backend.domain.ids import (
    AccountId,
    ContactId,
    ConversationId,
    ImportRunId,
    MailboxId,
    MemberId,
    PendingId,
    TaskId,
)
from backend.domain.people.visibility import Visibility
from backend.domain.sending.delivery_report import Outcome, could_not
from backend.domain.summaries.mail import LogSummary
from backend.domain.summaries.mailbox import (
    ImportSummary,
    MailboxState,
    MailboxSummary,
    TakesIn,
)
from backend.domain.summaries.panel import (
    DoubleLine,
    FollowSummary,
    HomePanel,
    Inside,
    InternalThread,
    KnownPerson,
    NeverLogged,
    PersonLine,
    TaskOffer,
    UnknownPerson,
    WaitingLine,
)
from backend.domain.summaries.pending import PendingLine, SendingOutlook
from backend.domain.summaries.people import (
    AccountLine,
    AccountSummary,
    AddressLine,
    ContactSummary,
    MemberLine,
)
from backend.domain.summaries.tasks import PanelTask
from backend.domain.summaries.timeline import InteractionKind, InteractionLine
from cards.card_context import CardContext

NOW = datetime(2026, 11, 21, 13, 30, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)

DRAWING = CardContext(
    public_url="https://rapport.example.com",
    now=NOW,
    zone=ZoneInfo("Europe/Berlin"),
    nonce="k7Q2mX9aLr0",
)

NORTHWIND = AccountLine(id=AccountId(11), name="Northwind Traders")
FABRIKAM = AccountLine(id=AccountId(12), name="Fabrikam")
KIM = MemberLine(id=MemberId(2), name="Kim Doyle", email="kim@lumenworks.example", role="admin")

DANA = ContactSummary(
    id=ContactId(21),
    name="Dana Reyes",
    title="VP Operations",
    addresses=(AddressLine(address="dana@northwind.example", primary=True),),
    accounts=(NORTHWIND,),
    created_at=NOW - 200 * DAY,
    created_via="import",
    last_interaction_at=NOW - DAY,
    last_reply_at=NOW - DAY,
)
BOUNCED = replace(
    DANA,
    write_block="Mail came back 21 Nov",
    addresses=(
        AddressLine(
            address="dana@northwind.example",
            primary=True,
            failure=could_not(
                "dana@northwind.example",
                Outcome.HARD,
                "550 5.1.1 The email account that you tried to reach does not exist.",
            ),
            failed_at=NOW - HOUR,
            stop="Mail came back 21 Nov",
            stop_id=1,
        ),
    ),
)
DELAYED = replace(
    DANA,
    addresses=(
        AddressLine(
            address="dana@northwind.example",
            primary=True,
            failure=could_not("dana@northwind.example", Outcome.DELAYED),
            failed_at=NOW - HOUR,
        ),
    ),
)
ACCOUNT = AccountSummary(
    id=NORTHWIND.id,
    name=NORTHWIND.name,
    domain="northwind.example",
    csm=KIM,
    ae=None,
    plan="Team",
    health=82,
    renews_on=date(2027, 1, 14),
    contact_count=14,
    last_interaction_at=NOW - DAY,
    last_reply_at=NOW - DAY,
)
PENDING = PendingLine(
    id=PendingId(UUID("0190f5d2-0000-7000-8000-000000000001")),
    state="scheduled",
    subject="Renewal check-in and the next steps",
    to="Dana Reyes",
    account_name="Northwind Traders",
    sender_name="Robin Vale",
    sender_email="robin@lumenworks.example",
    due_at=NOW + 2 * DAY,
    leaves_at=datetime(2026, 11, 24, 8, 0, tzinfo=UTC),
    reason="window_closed",
    why="Your window opens Tuesday 09:00",
    changeable=True,
    version=1,
)
HELD = PendingLine(
    id=PendingId(UUID("0190f5d2-0000-7000-8000-000000000002")),
    state="held",
    subject="Invoice question",
    to="Jon Berg",
    account_name="Adatum",
    sender_name="Robin Vale",
    sender_email="robin@lumenworks.example",
    due_at=NOW - DAY,
    leaves_at=None,
    reason="contact_replied",
    why="Held because the contact has written since. Read the answer, then release or delete it.",
    changeable=True,
    version=3,
)
RECENT = (
    InteractionLine(
        kind=InteractionKind.EMAIL,
        at=NOW - DAY,
        title="Re: Pilot results",
        detail="That helps. Let's talk renewal next week.",
        conversation_id=ConversationId(31),
    ),
    InteractionLine(
        kind=InteractionKind.NOTE,
        at=NOW - 9 * DAY,
        title="Kim Doyle",
        detail="Quarterly review moved to January",
    ),
    InteractionLine(
        kind=InteractionKind.EMAIL,
        at=NOW - 12 * DAY,
        title="",
        detail="",
        outgoing=True,
        conversation_id=ConversationId(32),
        private="Only Kim Doyle can read it",
    ),
)

NOT_LOGGED = LogSummary(logged=False, sentence="", may_log=True)
LOGGED_BY_ME = LogSummary(
    logged=True,
    sentence="By you",
    at=NOW - timedelta(seconds=20),
    by_name="Robin Vale",
    by_me=True,
    via="click",
    may_undo=True,
)
LOGGED_BY_KIM = LogSummary(
    logged=True, sentence="By Kim Doyle", at=NOW - 3 * HOUR, by_name="Kim Doyle", via="click"
)
LOGGED_BY_SYNC = LogSummary(
    logged=True, sentence="Through your mailbox sync", at=NOW - HOUR, via="sync", may_undo=True
)
LOGGED_THROUGH_ANA = LogSummary(
    logged=True,
    sentence="Already here through Ana Ruiz's mailbox",
    at=NOW - 2 * DAY,
    by_name="Ana Ruiz",
    via="sync",
)

KNOWN = KnownPerson(
    gmail_id="18c2f0a1b2c3d4e5",
    contact=DANA,
    people=(
        PersonLine(
            contact_id=DANA.id,
            name=DANA.name,
            account_name=NORTHWIND.name,
            role="From",
            main=False,
        ),
    ),
    account=ACCOUNT,
    log=NOT_LOGGED,
    follow=FollowSummary(on=False, by_sync=False),
    readable_by="Your team can read it: Robin Vale shares all of it, as for every mail.",
    private=None,
    pending=(),
    recent=RECENT,
    conversation_id=ConversationId(31),
)
DOUBLES = (
    DoubleLine(contact_id=ContactId(21), name="Dana Reyes", account_name="Northwind Traders"),
    DoubleLine(contact_id=ContactId(31), name="Warehouse desk", account_name="Fabrikam"),
)
SEVERAL_PEOPLE = (
    *KNOWN.people,
    PersonLine(
        contact_id=ContactId(22),
        name="Mei Tan",
        account_name="Fabrikam",
        role="To",
        main=True,
    ),
    PersonLine(contact_id=ContactId(23), name="Jon Berg", account_name=None, role="Cc", main=False),
)
UNKNOWN = UnknownPerson(
    gmail_id="18c2f0a1b2c3d4e6",
    address="lee@graphicdesign.example",
    name="Lee Ward",
    account=None,
    new_account_name="Graphicdesign",
    accounts=(NORTHWIND, FABRIKAM),
    earlier=LeaveOut(),
    refusal=None,
)
INTERNAL = InternalThread(
    gmail_id="18c2f0a1b2c3d4e7",
    sentence="Everyone here is on your team. Internal mail is never logged.",
)
NEVER = NeverLogged(
    gmail_id="18c2f0a1b2c3d4e8",
    sentence="Not logged: acme-legal.example is on the never-log list of your workspace.",
    may_log_anyway=False,
)
FORWARDED = Inside(
    sentence="By its text, it forwards a mail of Lee Ward (lee@else.example), who is not a "
    "contact.",
    name="Lee Ward",
    address="lee@else.example",
)
DRAFT = NeverLogged(
    gmail_id="18c2f0a1b2c3d4e9",
    sentence="This is a draft. Drafts are never logged.",
    may_log_anyway=False,
    title="Draft",
    subtitle="Not sent yet",
)

IMPORT = ImportSummary(
    id=ImportRunId(5),
    mailbox_email="robin@lumenworks.example",
    kind="import",
    wanted=1000,
    listed=1000,
    scanned=412,
    kept=97,
    failed=0,
    oldest_at=None,
    started_at=NOW - HOUR,
    heartbeat_at=NOW,
    finished_at=None,
    stopped=False,
    error=None,
)
OUTLOOK = SendingOutlook(
    waiting=0, held=0, failed=0, left_today=0, daily_limit=250, hourly_limit=60, next_at=None
)
BUSY_OUTLOOK = SendingOutlook(
    waiting=5,
    held=2,
    failed=1,
    left_today=41,
    daily_limit=250,
    hourly_limit=60,
    next_at=datetime(2026, 11, 21, 17, 4, tzinfo=UTC),
)
WAITING = (
    WaitingLine(
        title="No reply for 6 days",
        who="Mei Tan, Fabrikam",
        at=NOW - 6 * DAY,
        conversation_id=ConversationId(33),
    ),
    WaitingLine(title="Bounced", who="Jon Berg, Adatum", at=NOW - DAY, account_id=AccountId(13)),
)


def mailbox(
    state: MailboxState, explanation: str | None = None, *, run: ImportSummary | None = None
) -> MailboxSummary:
    return MailboxSummary(
        takes_in=TakesIn.OWN,
        sharing=Visibility.FULL,
        id=MailboxId(1),
        email="robin@lumenworks.example",
        owner_name="Robin Vale",
        state=state,
        explanation=explanation,
        scopes=(),
        connected_at=NOW - 30 * DAY,
        last_sync_at=NOW,
        last_notification_at=NOW,
        watch_expires_at=NOW + 5 * DAY,
        running_import=run,
    )


HOME = HomePanel(
    greeting_name="Robin",
    mailbox=mailbox(MailboxState.LIVE),
    gmail_enabled=True,
    outlook=OUTLOOK,
    leaving_today=0,
    held=(),
    waiting=(),
    smart_bcc="log-mfzwizltoq2tqnjx@log.lumenworks.example",
)
TASKS = (
    PanelTask(
        id=TaskId(61),
        title="Send the revised offer",
        due_on=date(2026, 11, 18),
        awaits_answer=False,
        assignee="Robin Vale",
    ),
    PanelTask(
        id=TaskId(62),
        title="Ask again about the contract",
        due_on=date(2026, 11, 27),
        awaits_answer=True,
        assignee="Kim Doyle",
    ),
    PanelTask(
        id=TaskId(63), title="Book the visit", due_on=None, awaits_answer=False, assignee=None
    ),
)
ROBIN = MemberLine(
    id=MemberId(1), name="Robin Vale", email="robin@lumenworks.example", role="member"
)
TASK_OFFER = TaskOffer(
    person=KNOWN, title="Follow up with Dana Reyes", due_on=date(2026, 11, 23), members=(ROBIN, KIM)
)
