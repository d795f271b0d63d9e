"""Two web processes behind one address, three workers and two schedulers act as one: every process
gives the same answer and everything happens once.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

import pytest
import requests

from addon.deployment import deployment_for
from backend.domain.ids import PendingId
from backend.local.ports import free_port
from backend.services import composing
from backend.services.composing import Draft
from tests.addon.panel import Panel
from tests.support.balancer import Balancer, balanced
from tests.support.company import ANA, DANA, KIM, ROBIN, Company
from tests.support.crew import Crew, crew_of
from tests.support.processes import eventually
from tests.support.simulator import Simulator, running_simulator

pytestmark = pytest.mark.flow

WEBS = 2
OTHERS = (("worker", "prompt"), ("worker", "patient"), ("worker",), ("schedule",), ("schedule",))
TEAM = (ROBIN, KIM)
MAILS = 10


@pytest.fixture(scope="module")
def address() -> str:
    """The one address of the product; the add-on's manifest names it."""
    return f"http://127.0.0.1:{free_port()}"


@pytest.fixture(scope="module")
def running_google(tmp_path_factory: pytest.TempPathFactory, address: str) -> Iterator[Simulator]:
    """A Google in which our add-on is installed."""
    folder = tmp_path_factory.mktemp("simulator")
    manifest = folder / "deployment.json"
    manifest.write_text(deployment_for(address))
    with running_simulator(folder, deployment=manifest) as simulator:
        yield simulator


@pytest.fixture
def crew(quiet_company: Company, address: str) -> Iterator[tuple[Crew, Balancer]]:
    """All of them, started and serving."""
    audience = f"{address}/hooks/gmail-push"
    settings = {"RAPPORT_PUBLIC_URL": address, "RAPPORT_PUSH_AUDIENCE": audience}
    ports = [free_port() for _ in range(WEBS)]
    with (
        crew_of(quiet_company, **settings) as crew,
        balanced(int(address.rpartition(":")[2]), ports) as balancer,
    ):
        for port in ports:
            crew.start("web", RAPPORT_PORT=str(port))
        for words in OTHERS:
            crew.start(*words)
        for port in ports:
            assert eventually(lambda at=port: serves(at), within=90)  # type: ignore[misc]
        quiet_company.simulator.aim_push(audience, audience)
        yield crew, balancer
        quiet_company.simulator.aim_push(None)


def serves(port: int) -> bool:
    try:
        return requests.get(f"http://127.0.0.1:{port}/readyz", timeout=2).ok
    except requests.RequestException:
        return False


def count(company: Company, table: str, condition: str = "true") -> int:
    return int(company.value(f"SELECT count(*) FROM {table} WHERE {condition}"))


@pytest.mark.contract("V-1")
def test_many_processes_do_everything_once(
    crew: tuple[Crew, Balancer], quiet_company: Company, address: str
) -> None:
    company, balancer = quiet_company, crew[1]
    boxes = {email: company.connect(email) for email in TEAM}
    assert eventually(lambda: count(company, "mailboxes", "state = 'live'") == len(TEAM), within=90)

    mail_comes_in(company)
    the_panel_logs_once(company, Panel(company, address))
    what_is_due_leaves_once(company)

    assert min(balancer.served[port] for port in balancer.served) > 0
    assert len(balancer.served) == WEBS
    assert company.rows("SELECT kind, count(*) FROM import_runs GROUP BY 1") == [
        ("import", len(TEAM))
    ]
    used = requests.get(f"{company.simulator.root}/simulator/usage", timeout=10).json()["users"]
    for email, box in boxes.items():
        calls = used[email]["calls"]
        copies = count(company, "message_copies", f"mailbox_id = {box}")
        assert calls["gmail.users.messages.get"] == copies
        assert calls["gmail.users.watch"] == 1
        assert calls["gmail.users.messages.send"] == 1


def mail_comes_in(company: Company) -> None:
    """Ten messages to both, with push notifications to either web process."""
    for number in range(MAILS):
        company.receives(*TEAM, **{"from": DANA, "subject": f"Mail {number}"})
    assert eventually(lambda: count(company, "decisions") == MAILS * len(TEAM))
    assert count(company, "messages") == count(company, "conversations") == MAILS
    assert count(company, "message_copies") == MAILS * len(TEAM)
    assert count(company, "to_fetch") == 0


def the_panel_logs_once(company: Company, panel: Panel) -> None:
    """A card from one process, its button pressed at the other, twice."""
    mail = company.receives(ANA, **{"from": DANA, "subject": "Only Ana's"})
    shown = panel.open(mail, ANA)
    assert shown.press("Log").notice == "Logged to Northwind Traders"
    shown.press("Log")
    assert "By you" in panel.open(mail, ANA).text()
    assert count(company, "log_entries", "via = 'click'") == 1
    assert count(company, "messages", "subject = 'Only Ana''s'") == 1


def what_is_due_leaves_once(company: Company) -> None:
    """One mail from each mailbox; both come back by sync as what was sent."""
    sent = {queue(company, email) for email in TEAM}
    assert eventually(lambda: count(company, "pending_messages", "state = 'sent'") == len(TEAM))
    url = f"{company.simulator.root}/simulator/deliveries"
    left = requests.get(url, timeout=20).json()["sends"]
    assert Counter(one["send_id"] for one in left) == {str(one): 1 for one in sent}
    assert eventually(lambda: count(company, "messages", "send_id IS NOT NULL") == len(TEAM))
    assert eventually(lambda: count(company, "to_fetch") == 0)


def queue(company: Company, email: str) -> PendingId:
    draft = Draft(to=(DANA,), subject="Renewal", body_text="Shall we talk on Monday?")
    draft = replace(draft, subject=f"Renewal, asked by {email.partition('@')[0]}")
    return composing.start(company.deps, company.actor(email), draft=draft, nonce=email)
