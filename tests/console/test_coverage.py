"""Coverage: who has not accepted, signed in or connected, and the reminder."""

import pytest

from tests.console.conftest import Visitor, member, words
from tests.support.company import ANA, KIM, ROBIN, Company


@pytest.mark.contract("V-34")
def test_an_admin_sees_who_misses_what_and_reminds_them(
    ana: Visitor, robin: Visitor, quiet_company: Company
) -> None:
    quiet_company.connected(ROBIN)
    ana.post("/settings/team", email="Max Neu <max@lumenworks.example>", role="member")
    page = ana.page("/settings/coverage")
    assert "1 of 4 people are set up" in page
    assert "Max Neu" in ana.page("/settings/coverage?missing=accepting")
    left = ana.page("/settings/coverage?missing=any")
    assert "Kim Doyle" in left
    assert "Robin Vale" not in left
    assert "Nobody misses this." in ana.page("/settings/coverage?missing=sync")
    assert robin.get("/settings/coverage").status_code == 403
    nobody = ana.post("/settings/coverage/reminders")
    assert "Tick at least one person" in words(nobody)
    assert ana.post("/settings/coverage/reminders", person=[KIM]).status_code in {409, 403, 400}

    quiet_company.connected(ANA)
    again = member(quiet_company, ANA)
    for _ in range(2):
        done = again.post("/settings/coverage/reminders", person=[KIM, "max@lumenworks.example"])
        assert "2 reminders leave from your Gmail." in again.follow(done)
    told = quiet_company.rows("SELECT subject FROM pending_messages")
    assert told == [("Your next step in Lumen Works on Rapport",)] * 2
    assert again.post("/settings/coverage/reminders", person=[ROBIN]).status_code == 422
