"""Ids of another workspace, in every address of the console: nothing is shown, nothing changes."""

import io
import re

from werkzeug.routing import Rule

from tests.console.conftest import Visitor, words
from tests.console.test_account_traits import northwind
from tests.console.test_belonging import BEN, invite
from tests.console.test_customer_lists import LIST
from tests.console.test_editing_accounts import drawn
from tests.console.test_smart_bcc import fields
from tests.console.test_unexpected_input import asked_names, rules
from tests.support.company import DANA, ROBIN, STRANGER, Company
from tests.support.decisions import add_contact
from tests.support.lmtp import connection, lmtp_server, written

TABLES = {
    "account_id": "accounts",
    "contact_id": "contacts",
    "conversation_id": "conversations",
    "message_id": "messages",
    "mailbox_id": "mailboxes",
    "member_id": "team_members",
    "run_id": "import_runs",
    "invitation_id": "invitations",
    "entry_id": "never_log",
    "workspace_id": "workspaces",
    "list_id": "customer_lists",
    "edit_id": "record_edits",
    "trait_id": "account_traits",
    "address_id": "capture_addresses",
    "mail_id": "inbound_mails",
    "change_id": "conversation_changes",
    "suppression_id": "suppressions",
    "file_id": "pending_files",
    "template_id": "email_templates",
    "task_id": "tasks",
    "note_id": "notes",
}
ELSE = {"policy_id": "D-18", "slug": "connecting", "token": "none", "part": "1", "key": "trust"}
"""What is no id of a record."""

GONE = "nobody.home@northwind.example"
"""Google reports that it does not exist."""

SECRETS = ("Merger", "Renewal check-in", "Dana", "Northwind", "lawsuit")
WAYS_OUT = ("/signout", "/first-run", "/workspaces/")
NAMED = re.compile(r"<(?:\w+:)?(\w+)>")


def ids_of(company: Company, pending_id: str) -> dict[str, str]:
    """One of each kind that Lumen Works has."""
    found = {name: company.rows(f"SELECT min(id) FROM {table}") for name, table in TABLES.items()}
    known = {name: str(rows[0][0]) for name, rows in found.items()}
    assert "None" not in known.values(), known
    return known | {"pending_id": pending_id} | ELSE


def fill(company: Company, robin: Visitor, ana: Visitor) -> str:
    """Do what makes a record of each kind. Returns the id of a pending mail with a file."""
    for subject in ("Merger", "Merger, second thoughts"):
        company.receives(ROBIN, **{"from": DANA, "subject": subject, "text": "Keep quiet"})
    add_contact(company, "Nora Home", GONE, accounts=["Northwind Traders"])
    robin.post("/conversations", to=GONE, subject="Merger", body_text="Hi", when="now")
    for minutes in (20, 40):  # the mail leaves, and the report of its failure is read
        company.later(minutes=minutes).sweep()
    one, other = company.rows("SELECT id FROM conversations ORDER BY id LIMIT 2")
    robin.post(f"/conversations/{one[0]}/merge", other=str(other[0]))
    ana.post("/settings/never-log", kind="subject", value="lawsuit", scope="workspace")
    ana.post("/settings/account-traits", name="Web domain")
    ana.post("/settings/email-templates", name="Frame", source="<p>{{content}}</p>")
    ana.post("/imports/customers", file=(io.BytesIO(LIST), "list.csv"))
    account = northwind(company)
    robin.post(account, **drawn(robin, account) | {"plan": "Gold"})
    invite(ana, BEN)
    robin.post("/tasks", title="Merger", nonce="task")
    robin.post(f"{northwind(company)}/notes", note="Merger", nonce="note")
    address = fields(robin)["Your address"]
    with lmtp_server(company.deps) as port, connection(port) as mx:
        mx.deliver(written(STRANGER, DANA, subject="Merger"), address)
    company.work()
    offer = (io.BytesIO(b"Merger"), "Merger.txt")
    letter = {"to": DANA, "subject": "Renewal check-in", "body_text": "Hi", "files": offer}
    waits = robin.post("/conversations", **letter, when="delay", delay="1", delay_unit="days")
    return str(waits.headers["Location"]).rpartition("/")[2]


def path_of(rule: Rule, ids: dict[str, str]) -> str:
    return NAMED.sub(lambda named: ids[named[1]], rule.rule)


def contents(company: Company, workspace_id: str) -> dict[str, list[str]]:
    tables = company.rows(
        "SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid"
        " WHERE a.attname = 'workspace_id' AND c.relkind = 'r'"
    )
    query = "SELECT r::text FROM {} r WHERE workspace_id = %s ORDER BY 1"
    return {
        name: [row for (row,) in company.rows(query.format(name), workspace_id)]
        for (name,) in tables
    }


def test_an_admin_elsewhere_sees_and_changes_nothing_by_ids_of_ours(
    quiet_company: Company, connected: Visitor, ana: Visitor, outsider: Visitor
) -> None:
    ids = ids_of(quiet_company, fill(quiet_company, connected, ana))
    form = {name: ids.get(name, "1") for name in asked_names()} | {"to": DANA, "when": "now"}
    form |= {"contact": ids["contact_id"], "member": ids["member_id"], "csrf_token": "?"}
    before = contents(quiet_company, ids["workspace_id"])
    app = outsider.client.application
    for rule in rules(app, "GET"):
        if "<" in rule.rule:
            answer = outsider.get(path_of(rule, ids))
            assert answer.status_code < 500, rule
            assert not [one for one in SECRETS if one in words(answer)], rule
    form["csrf_token"] = outsider.token()
    for rule in rules(app, "POST"):
        if not rule.rule.startswith(WAYS_OUT):
            answer = outsider.client.post(path_of(rule, ids), data=form)
            assert answer.status_code < 500 or answer.status_code == 503, rule
    after = contents(quiet_company, ids["workspace_id"])
    changed = {name for name, rows in after.items() if rows != before[name]}
    assert changed == set()
