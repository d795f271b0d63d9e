"""Two workspaces on one installation that have the same customer: each keeps to its own mail."""

import base64
from email.message import EmailMessage

import pytest

from backend.services import seeding
from tests.support.company import DANA, ROBIN, Company

ROB = "rob@elsewhere.example"
WHERE = (
    "SELECT w.name, m.subject FROM messages m JOIN workspaces w ON w.id = m.workspace_id"
    " ORDER BY m.id"
)


@pytest.fixture
def shared_customer(quiet_company: Company) -> Company:
    """Dana is a contact of Lumen Works and of Elsewhere; Robin and Rob are connected."""
    company = quiet_company
    person = {"email": ROB, "name": "Rob", "role": "team"}
    company.simulator.post("/simulator/people", person)
    seeding.seed(
        company.deps,
        {
            "workspace": {"name": "Elsewhere", "domain": "elsewhere.example"},
            "people": [{**person, "role": "admin"}],
            "accounts": [],
            "contacts": [{"name": "Dana Reyes", "emails": [DANA]}],
        },
    )
    company.connected(ROBIN)
    company.connected(ROB)
    return company


def written_in_gmail(company: Company) -> str:
    """Robin starts a conversation with Dana; the Message-ID it left with."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = ROBIN, DANA, "Renewal"
    mail.set_content("Shall we talk?")
    gmail = company.gmail(ROBIN)
    raw = base64.urlsafe_b64encode(mail.as_bytes()).decode()
    sent = gmail.post("messages/send", {"raw": raw})
    stored = gmail.get(f"messages/{sent['id']}", format="metadata", metadataHeaders="Message-Id")
    return str(stored["payload"]["headers"][0]["value"])


@pytest.mark.contract("H-51", "H-52")
def test_mail_that_starts_in_one_stays_there_with_its_answers(shared_customer: Company) -> None:
    company = shared_customer
    started = written_in_gmail(company)
    answer = {"from": DANA, "subject": "Re: Renewal", "in_reply_to": [started]}
    company.receives(ROBIN, **answer)
    company.receives(ROB, subject="Other things", **{"from": DANA})
    company.later(minutes=20).sweep()
    ours = company.value("SELECT name FROM workspaces ORDER BY id LIMIT 1")
    assert sorted(company.rows(WHERE)) == [
        ("Elsewhere", "Other things"),
        (ours, "Re: Renewal"),
        (ours, "Renewal"),
    ]
