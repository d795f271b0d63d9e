"""What a process holds is renewed beside its work, and what it lost stays lost."""

from datetime import datetime, timedelta
from threading import Event

import pytest
from sqlalchemy.orm import Session

from backend.domain.sync.leases import LEASE
from backend.errors import StoreUnavailable
from backend.services import lease_renewal
from backend.store import send_leases
from backend.store.outbox.looking import look
from tests.services.outbox.conftest import sender_of
from tests.support.company import ROBIN, Company

UNTIL = "SELECT send_lease_until FROM mailboxes"


def test_a_lease_is_renewed_until_the_work_is_over(
    quiet_company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lease_renewal, "RENEW_EVERY", timedelta(milliseconds=1))
    beats: list[int] = []
    thrice = Event()

    def renew(_: Session) -> None:
        beats.append(len(beats))
        if len(beats) == 1:
            raise StoreUnavailable("Away for a moment.")
        if len(beats) >= 3:
            thrice.set()

    key = quiet_company.key(quiet_company.connect(ROBIN))
    with lease_renewal.renewing(quiet_company.deps, key[0], renew):
        assert thrice.wait(10)
    told = len(beats)
    assert not Event().wait(0.02)
    assert len(beats) == told


def test_only_the_sender_itself_keeps_the_mailbox(quiet_company: Company) -> None:
    sender = sender_of(quiet_company, ROBIN)
    now = quiet_company.deps.now()

    def kept_by(owner: str, then: datetime) -> datetime | None:
        with quiet_company.deps.store.begin(quiet_company.key(sender.mailbox_id)[0]) as session:
            send_leases.keep(session, sender.mailbox_id, owner=owner, now=then)
        until: datetime | None = quiet_company.value(UNTIL)
        return until

    assert kept_by("nobody", now) is None
    look(
        quiet_company.deps.store, *quiet_company.key(sender.mailbox_id), owner="a", now=now - LEASE
    )
    assert kept_by("another", now) == now
    assert kept_by("a", now) == now + LEASE
