"""Never log on screen: entries as people write them, and what each would have kept out."""

import pytest

from tests.console.conftest import Visitor
from tests.support.company import DANA, ROBIN, Company


def test_a_member_keeps_mail_out_of_their_own_mailbox(
    robin: Visitor, ana: Visitor, quiet_company: Company
) -> None:
    form = {"kind": "address", "value": "Jo@Legal.example", "scope": "mine"}
    added = robin.follow(robin.post("/settings/never-log", **form))
    assert "It applies to your own mailbox only" in added
    assert "It would have kept out nothing" in added
    assert "jo@legal.example Only you" in robin.page("/settings/never-log")
    assert "jo@legal.example" not in ana.page("/settings/never-log")
    number = quiet_company.value("SELECT id FROM never_log")
    assert ana.get(f"/settings/never-log/{number}").status_code == 404
    removal = f"/settings/never-log/{number}/removal"
    assert "not on the list any more" in ana.follow(ana.post(removal))
    assert "New mail it covered is logged again" in robin.follow(robin.post(removal))
    assert quiet_company.rows("SELECT id FROM never_log") == []
    assert "not on the list any more" in robin.follow(robin.post(removal))


@pytest.mark.contract("M1")
@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("domain", "*.northwind.example"),
        ("domain", "@Northwind.example"),
        ("address", "*@northwind.example"),
    ],
)
def test_a_whole_domain_is_kept_out_however_it_is_written(
    robin: Visitor, quiet_company: Company, kind: str, value: str
) -> None:
    robin.post("/settings/never-log", kind=kind, value=value, scope="mine")
    assert quiet_company.rows("SELECT kind, value FROM never_log") == [
        ("domain", "northwind.example")
    ]


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("address", "legal.example"),
        ("address", "jo*@legal.example"),
        ("domain", "legal"),
        ("domain", "*.co.uk"),
        ("domain", "jo@legal.example"),
        ("domain", "le*al.example"),
        ("subject", "  "),
        ("subject", "\u200b"),
        ("colour", "red"),
    ],
)
def test_an_entry_that_could_never_match_is_refused(
    robin: Visitor, quiet_company: Company, kind: str, value: str
) -> None:
    answer = robin.post("/settings/never-log", kind=kind, value=value, scope="mine")
    assert answer.status_code == 422
    assert quiet_company.rows("SELECT id FROM never_log") == []


@pytest.mark.contract("M1")
def test_an_entry_shows_what_it_would_have_kept_out_and_keeps_it_out_from_now_on(
    robin: Visitor, quiet_company: Company
) -> None:
    quiet_company.receives(ROBIN, **{"from": DANA, "subject": "社外秘資料の送付"})
    quiet_company.receives(ROBIN, **{"from": DANA, "subject": "Lunch"})
    quiet_company.connected(ROBIN)
    form = {"kind": "subject", "value": "社外秘", "scope": "mine"}
    shown = robin.follow(robin.post("/settings/never-log", **form))
    assert "It would have kept out 1 email that you may know of" in shown
    assert "社外秘資料の送付" in shown
    assert "Lunch" not in shown

    quiet_company.receives(ROBIN, **{"from": DANA, "subject": "新しい社外秘資料"})
    quiet_company.sweep()
    assert "新しい社外秘資料" not in robin.page("/conversations")


def test_an_entry_of_ones_own_looks_at_ones_own_mailbox_only(
    robin: Visitor, ana: Visitor, quiet_company: Company
) -> None:
    quiet_company.receives(ROBIN, **{"from": DANA, "subject": "Lunch"})
    quiet_company.connected(ROBIN)
    form = {"kind": "domain", "value": "northwind.example"}
    own = ana.follow(ana.post("/settings/never-log", **form, scope="mine"))
    assert "It would have kept out nothing that is stored" in own
    everybody = ana.follow(ana.post("/settings/never-log", **form, scope="workspace"))
    assert "It would have kept out 1 email that you may know of" in everybody
    assert "It applies to the whole workspace" in everybody
    number = quiet_company.value("SELECT id FROM never_log WHERE member_id IS NULL")
    assert "Remove this entry" not in robin.page(f"/settings/never-log/{number}")
