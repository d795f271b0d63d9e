"""Coverage: who has not accepted, signed in or connected, and the reminder."""

import re
from io import BytesIO

import pytest

from backend.domain.setup.evidence import Seen
from backend.services.evidence import EvidenceLog
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
    page = again.page("/settings/coverage?missing=panel")
    assert re.search(r"Robin Vale .* Read and send .* Never Side panel", page)
    log = EvidenceLog(quiet_company.deps)
    log.panel_used(Seen.PANEL_MESSAGE, quiet_company.actor(ROBIN), ["a scope"])
    assert "Robin Vale" not in again.page("/settings/coverage?missing=panel")
    assert again.post("/settings/coverage/reminders", person=[ROBIN]).status_code == 422


def test_a_list_and_a_file_invite_each_with_their_own_role(
    ana: Visitor, quiet_company: Company
) -> None:
    typed = (
        "Lea Bo, lea@lumenworks.example, Leader\n"
        "max@lumenworks.example, Kit <kit@lumenworks.example>"
    )
    csv = (
        "Name;E-Mail;Role\r\nZo\u00eb Ny;zoe@lumenworks.example;admin\r\n"
        ";jo@lumenworks.example;\r\n"
    )
    file = (BytesIO(csv.encode("cp1252")), "team.csv")
    answer = ana.post("/settings/team", email=typed, role="member", file=file)
    assert "5 people can accept at sign-in" in ana.follow(answer)
    rows = quiet_company.rows("SELECT email, name, role FROM invitations ORDER BY email")
    assert rows == [
        ("jo@lumenworks.example", "", "member"),
        ("kit@lumenworks.example", "Kit", "member"),
        ("lea@lumenworks.example", "Lea Bo", "leader"),
        ("max@lumenworks.example", "", "member"),
        ("zoe@lumenworks.example", "Zo\u00eb Ny", "admin"),
    ]
    for content, told in (
        (b"Email,Role\nnew@lumenworks.example,boss\n", "boss, the role of new@lumenworks.example"),
        (b"PK\x03\x04", "Save it as CSV UTF-8"),
        (b"Name,Role\nKim,member\n", "names no column Email"),
    ):
        wrong = ana.post(
            "/settings/team", email="", role="member", file=(BytesIO(content), "x.csv")
        )
        assert wrong.status_code == 422
        assert told in words(wrong)
    assert quiet_company.value("SELECT count(*) FROM invitations") == 5
