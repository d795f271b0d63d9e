"""A small cast for the rules of mail-in: one team, a few customers, and the addresses they use."""

from datetime import UTC, datetime, timedelta

from backend.domain.capture.directory import Directory, KnownContact
from backend.domain.ids import AccountId, ContactId, MemberId
from backend.domain.mail.envelope import Envelope
from backend.domain.people.team import Team
from backend.domain.reasons import TABLE, Group, Reason

NEW_YEAR = datetime(2026, 1, 1, tzinfo=UTC)

KIM, ANA = MemberId(1), MemberId(2)
KIM_AT, KIM_ALIAS, ANA_AT = "kim.doyle@ours.example", "kim@ours.example", "ana@ours.example"
SUPPORT = "support@help.example"
TEAM = Team(
    members={KIM_AT: KIM, KIM_ALIAS: KIM, ANA_AT: ANA},
    shared=frozenset({SUPPORT}),
    domains=frozenset({"ours.example", "labs.ours.example"}),
)

MIA, JON, TWIN = ContactId(11), ContactId(12), ContactId(13)
MIA_AT, MIA_HOME, JON_AT = "mia@alpha.example", "mia@home.example", "jon@adatum.example"
DESK = "desk@alpha.example"
ALPHA, ADATUM, BETA = AccountId(101), AccountId(102), AccountId(103)

STRANGER, OTHER_STRANGER = "lee@else.example", "pat@elsewhere.example"


def contact(
    contact_id: ContactId,
    *accounts: AccountId,
    day: int = 0,
    assigned_to: MemberId | None = None,
) -> KnownContact:
    """A contact created on a day of the year."""
    return KnownContact(contact_id, NEW_YEAR + timedelta(days=day), accounts, assigned_to)


DIRECTORY = Directory(
    {
        MIA_AT: [contact(MIA, ALPHA, BETA, assigned_to=KIM)],
        MIA_HOME: [contact(MIA, ALPHA, BETA, assigned_to=KIM)],
        JON_AT: [contact(JON, ADATUM, day=2, assigned_to=ANA)],
        DESK: [contact(TWIN, BETA, day=9), contact(MIA, ALPHA, day=3), contact(JON, day=5)],
    }
)


def mail(sender: str | None, *to: str, cc: str = "", bcc: str = "") -> Envelope:
    """An envelope, written briefly."""
    return Envelope(sender, to, tuple(cc.split()), tuple(bcc.split()))


def group_of(reason: Reason) -> Group:
    """The outcome of a message with this reason."""
    return next(group for group, reasons in TABLE.items() if reason in reasons)
