"""Ids of another workspace, in every address of the console: nothing is shown, nothing changes."""

import re

from werkzeug.routing import Rule

from tests.console.conftest import Visitor, words
from tests.console.test_belonging import BEN, invite
from tests.console.test_unexpected_input import asked_names, rules
from tests.support.company import DANA, ROBIN, Company

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
}
SECRETS = ("Merger", "Renewal check-in", "Dana", "Northwind", "lawsuit")
WAYS_OUT = ("/signout", "/first-run", "/workspaces/")
NAMED = re.compile(r"<(?:\w+:)?(\w+)>")


def ids_of(company: Company, pending_id: str) -> dict[str, str]:
    """One of each kind that Lumen Works has."""
    found = {name: company.rows(f"SELECT min(id) FROM {table}") for name, table in TABLES.items()}
    known = {name: str(rows[0][0]) for name, rows in found.items()}
    assert "None" not in known.values(), known
    return known | {"pending_id": pending_id}


def path_of(rule: Rule, ids: dict[str, str]) -> str:
    return NAMED.sub(lambda named: ids.get(named[1], "1"), rule.rule)


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
    quiet_company: Company, ana: Visitor, letter: str, outsider: Visitor
) -> None:
    quiet_company.receives(ROBIN, **{"from": DANA, "subject": "Merger", "text": "Keep quiet"})
    quiet_company.later(minutes=20).sweep()
    ana.post("/settings/never-log", kind="subject", value="lawsuit", scope="workspace")
    invite(ana, BEN)
    ids = ids_of(quiet_company, letter.rpartition("/")[2])
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
