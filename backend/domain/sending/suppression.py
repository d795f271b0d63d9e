"""Who must not be written to any more, and which mail that stops.

Checked twice: when a message is composed, so that the author learns it, and at the last second
before it leaves. An unsubscribe is the person's own choice and stops only mail that offers
unsubscribing (VC-31, VC-82); every other cause stops all mail.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from backend.domain.policies import Channel, UnsubscribeScope
from backend.domain.reasons import Reason


class SuppressionCause(StrEnum):
    """Why an address is not written to."""

    UNSUBSCRIBED = "unsubscribed"
    BOUNCED = "bounced"
    COMPLAINED = "complained"
    BY_HAND = "by_hand"
    ERASED = "erased"


STAYS: Mapping[str, str] = {
    SuppressionCause.UNSUBSCRIBED: (
        "This person unsubscribed. Set them subscribed in the list of contacts, if they ask for it."
    ),
    SuppressionCause.ERASED: "This person was erased, and that stays.",
}
"""What is not lifted here, and what to do instead."""


REASONS: Mapping[SuppressionCause, Reason] = {
    SuppressionCause.ERASED: Reason.ERASED_RECIPIENT,
    SuppressionCause.COMPLAINED: Reason.SUPPRESSED_COMPLAINT,
    SuppressionCause.BOUNCED: Reason.SUPPRESSED_BOUNCE,
    SuppressionCause.BY_HAND: Reason.SUPPRESSED_BY_HAND,
    SuppressionCause.UNSUBSCRIBED: Reason.UNSUBSCRIBED,
}
"""In this order the reason is named when an address has several."""

AT_THE_FIELD: Mapping[Reason, str] = {
    Reason.ERASED_RECIPIENT: (
        "{address} can't be written to: the person was erased{since}. Leave the address out."
    ),
    Reason.SUPPRESSED_COMPLAINT: (
        "{address} can't be written to: earlier mail was reported as spam{since}. Leave the "
        "address out; more mail would harm your sender's reputation."
    ),
    Reason.SUPPRESSED_BOUNCE: (
        "{address} can't be written to: mail to it came back as undeliverable{since}. Write to "
        "another address of this person."
    ),
    Reason.SUPPRESSED_BY_HAND: (
        "{address} can't be written to: a team member stopped all mail to it{since}. Leave the "
        "address out, or ask an admin."
    ),
    Reason.UNSUBSCRIBED: (
        "{address} can't be written to: the person unsubscribed{since}. Leave the address out, or "
        "untick “Allow unsubscribes” if the email is urgent."
    ),
}
"""The author's notice while writing: who, why, since when, what to do."""


@dataclass(frozen=True)
class Suppression:
    """One address (as its key), why it is not written to, and since when. `channel` is the path it
    came from.
    """

    address: str
    cause: SuppressionCause
    channel: Channel | None = None
    since: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Mailing:
    """What decides whether an unsubscribe stops a message."""

    channel: Channel = Channel.GMAIL
    honours_unsubscribes: bool = True
    scope: UnsubscribeScope = UnsubscribeScope.WORKSPACE


def blocked(
    addresses: Iterable[str], suppressions: Iterable[Suppression], mailing: Mailing
) -> dict[str, Reason]:
    """Those of `addresses` that the message must not go to, each with its reason, in order.

    >>> left = Suppression("mia@alpha.example", SuppressionCause.UNSUBSCRIBED)
    >>> blocked(["mia@alpha.example", "bo@alpha.example"], [left], Mailing())
    {'mia@alpha.example': <Reason.UNSUBSCRIBED: 'unsubscribed'>}
    >>> blocked(["mia@alpha.example"], [left], Mailing(honours_unsubscribes=False))
    {}
    """
    causes: dict[str, set[SuppressionCause]] = {}
    for one in suppressions:
        if _applies(one, mailing):
            causes.setdefault(one.address, set()).add(one.cause)
    return {
        address: next(reason for cause, reason in REASONS.items() if cause in causes[address])
        for address in addresses
        if address in causes
    }


def at_the_field(
    fields: Mapping[str, Iterable[str]],
    suppressions: Sequence[Suppression],
    mailing: Mailing,
    spoken: Callable[[datetime], str],
) -> dict[str, str]:
    """For each field with people who must not be written to, what to say beside it. `spoken` puts
    a day into words.
    """
    wrong: dict[str, str] = {}
    for field, addresses in fields.items():
        for address, reason in blocked(addresses, suppressions, mailing).items():
            since = next(
                (
                    one.since
                    for one in suppressions
                    if one.address == address and REASONS[one.cause] is reason
                ),
                None,
            )
            said = f" on {spoken(since)}" if since else ""
            line = AT_THE_FIELD[reason].format(address=address, since=said)
            wrong[field] = f"{wrong[field]} {line}" if field in wrong else line
    return wrong


def _applies(suppression: Suppression, mailing: Mailing) -> bool:
    if suppression.cause is not SuppressionCause.UNSUBSCRIBED:
        return True
    if not mailing.honours_unsubscribes:
        return False
    if mailing.scope is UnsubscribeScope.WORKSPACE or suppression.channel is None:
        return True
    return suppression.channel is mailing.channel
