"""Whether a message belongs here because of who is on it, and which address decided.

Every path of mail-in, the side panel and "why is this here" use it. From and To decide; Cc and Bcc
only say who else is associated, unless the workspace lets them decide, too (D-3). So does Reply-To,
in which contact forms name the person who filled them in.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from backend.domain.capture.directory import Directory
from backend.domain.capture.match_policy import MatchPolicy
from backend.domain.capture.participants import AccountOn, ContactOn, People, people_on
from backend.domain.ids import MemberId
from backend.domain.mail.envelope import Envelope
from backend.domain.people.team import Team
from backend.domain.policies import MatchField
from backend.domain.reasons import Reason


@dataclass(frozen=True, slots=True)
class Match:
    """The message belongs here, because of this address."""

    people: People
    reason: Reason
    address: str


@dataclass(frozen=True, slots=True)
class NoMatch:
    """The message does not belong here by itself; `address` came closest, if any did."""

    people: People
    reason: Reason
    address: str | None


def match(
    envelope: Envelope,
    directory: Directory,
    *,
    team: Team,
    policy: MatchPolicy,
    reader: MemberId | None,
) -> Match | NoMatch:
    """Decide whether and why the mail belongs here. `reader` is the mailbox's owner; a shared
    mailbox has none.

    >>> from datetime import UTC, datetime
    >>> from backend.domain.ids import ContactId
    >>> from backend.domain.capture.directory import KnownContact
    >>> mia = KnownContact(ContactId(1), datetime(2026, 1, 5, tzinfo=UTC))
    >>> directory = Directory({"mia@alpha.example": [mia]})
    >>> team = Team(members={"kim@ours.example": MemberId(7)})
    >>> def why(mail: Envelope) -> str:
    ...     found = match(mail, directory, team=team, policy=MatchPolicy(), reader=MemberId(7))
    ...     return f"{found.reason} by {found.address}"
    >>> why(Envelope("mia@alpha.example", to=("kim@ours.example",)))
    'matched_sender by mia@alpha.example'
    >>> why(Envelope("x@else.example", to=("kim@ours.example",), cc=("mia@alpha.example",)))
    'only_copied by mia@alpha.example'
    """
    people = people_on(envelope, directory, team=team, policy=policy)
    if team.wrote_alone(envelope):
        return NoMatch(people, Reason.INTERNAL_ONLY, envelope.sender)
    found: Sequence[ContactOn | AccountOn] = (
        people.accounts if policy.by_domain else people.contacts
    )
    deciding = [one for one in found if one.field in policy.fields]
    if not deciding:
        return _nobody(people, found, policy)
    ours = envelope.sender is not None and team.owns(envelope.sender)
    visitor = deciding[0].field is MatchField.REPLY_TO
    stranger = not ours and not people.knows_sender and not visitor
    if stranger and not (policy.third_party_sender and _to_us(envelope, team)):
        return NoMatch(people, Reason.THIRD_PARTY_SENDER, envelope.sender)
    if policy.require_assignment and not ours and not policy.by_domain and reader is not None:
        nearest, deciding = deciding[0], _assigned(deciding, directory, reader)
        if not deciding:
            return NoMatch(people, Reason.NOT_ASSIGNED, nearest.address)
    reason = Reason.THIRD_PARTY_ALLOWED if stranger else _why(deciding[0])
    return Match(people, reason, deciding[0].address)


def _nobody(people: People, found: Sequence[ContactOn | AccountOn], policy: MatchPolicy) -> NoMatch:
    if not found:
        nobody = Reason.NO_ACCOUNT_KNOWN if policy.by_domain else Reason.NOBODY_KNOWN
        return NoMatch(people, nobody, None)
    visitor = found[0].field is MatchField.REPLY_TO
    return NoMatch(
        people, Reason.ONLY_REPLY_TO if visitor else Reason.ONLY_COPIED, found[0].address
    )


def _to_us(envelope: Envelope, team: Team) -> bool:
    """Whether one of us is a recipient (S-21); mail through a list that reaches us does not show
    it.
    """
    return any(team.owns(key) for key in (*envelope.to, *envelope.cc, *envelope.bcc))


def _assigned(
    deciding: Sequence[ContactOn | AccountOn], directory: Directory, reader: MemberId
) -> list[ContactOn | AccountOn]:
    """Those assigned to the mailbox's owner. Mail we write needs no assignment (H-12 against
    H-14).
    """
    return [one for one in deciding if directory.is_assigned(one.address, reader)]


def _why(on: ContactOn | AccountOn) -> Reason:
    if isinstance(on, AccountOn):
        return Reason.MATCHED_DOMAIN
    if on.field is MatchField.REPLY_TO:
        return Reason.MATCHED_REPLY_TO
    return Reason.MATCHED_SENDER if on.field is MatchField.FROM else Reason.MATCHED_RECIPIENT
