import pytest

from backend.domain.policies import Channel, UnsubscribeScope
from backend.domain.reasons import Reason
from backend.domain.sending.suppression import (
    REASONS,
    Mailing,
    Suppression,
    SuppressionCause,
    blocked,
)

MIA, BO = "mia@alpha.example", "bo@alpha.example"
C = SuppressionCause


@pytest.mark.parametrize("cause", C)
def test_every_cause_has_its_own_reason(cause: SuppressionCause) -> None:
    assert blocked([BO, MIA], [Suppression(MIA, cause)], Mailing()) == {MIA: REASONS[cause]}
    assert len(set(REASONS.values())) == len(C)


def test_who_has_no_entry_is_written_to() -> None:
    assert blocked([BO], [Suppression(MIA, C.BOUNCED)], Mailing()) == {}


@pytest.mark.contract("VC-31", "VC-80")
def test_an_unsubscribe_stops_mail_that_offers_unsubscribing() -> None:
    left = [Suppression(MIA, C.UNSUBSCRIBED)]
    assert blocked([MIA], left, Mailing()) == {MIA: Reason.UNSUBSCRIBED}


@pytest.mark.contract("VC-82")
def test_urgent_mail_reaches_who_unsubscribed_but_not_who_cannot_be_reached() -> None:
    urgent = Mailing(honours_unsubscribes=False)
    entries = [Suppression(MIA, C.UNSUBSCRIBED), Suppression(BO, C.BOUNCED)]
    assert blocked([MIA, BO], entries, urgent) == {BO: Reason.SUPPRESSED_BOUNCE}


@pytest.mark.contract("D-29")
@pytest.mark.parametrize(
    ("scope", "from_channel", "stopped"),
    [
        (UnsubscribeScope.WORKSPACE, Channel.PROVIDER, True),
        (UnsubscribeScope.CHANNEL, Channel.PROVIDER, False),
        (UnsubscribeScope.CHANNEL, Channel.GMAIL, True),
        (UnsubscribeScope.CHANNEL, None, True),
    ],
    ids=[
        "by default every path honours it",
        "per channel, the other path does not",
        "per channel, the same path does",
        "an unsubscribe by hand has no path and stops all",
    ],
)
def test_the_scope_of_an_unsubscribe(
    scope: UnsubscribeScope, from_channel: Channel | None, *, stopped: bool
) -> None:
    entry = Suppression(MIA, C.UNSUBSCRIBED, from_channel)
    mailing = Mailing(channel=Channel.GMAIL, scope=scope)
    assert bool(blocked([MIA], [entry], mailing)) is stopped


def test_the_weightiest_of_several_reasons_is_named() -> None:
    entries = [Suppression(MIA, cause) for cause in (C.UNSUBSCRIBED, C.BY_HAND, C.ERASED)]
    assert blocked([MIA], entries, Mailing()) == {MIA: Reason.ERASED_RECIPIENT}
