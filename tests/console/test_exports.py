"""Lists as files, and that taking one in again changes nothing."""

import csv
import io
import zipfile

from backend.services.customer_lists import uploading
from tests.console.conftest import Visitor
from tests.support.company import ANA, KIM, ROBIN, Company

LIST = (
    "Name,Email,Title,Account,Domain,Plan,Health,Renews on,CSM,Known since,Assigned to,Unsubscribed"
    f"\nNoa,noa@umbra.example;n@home.example,=Boss,Umbra,umbra.example,Gold,80,2027-03-01,{KIM},"
    f"2025-02-03,{ROBIN},yes\n"
)


def take_in(company: Company, data: bytes) -> dict[str, int]:
    """What a list wrote, after it was uploaded, checked and run."""
    actor = company.actor(ANA)
    one = uploading.upload(company.deps, actor, name="x.csv", data=data)
    chosen = company.value("SELECT chosen FROM customer_lists WHERE id = %s", one)
    uploading.check(company.deps, actor, one, chosen)
    company.work()
    uploading.run(company.deps, actor, one)
    company.work()
    return dict(company.value("SELECT written FROM customer_lists WHERE id = %s", one))


def test_an_export_taken_in_again_changes_nothing(ana: Visitor, quiet_company: Company) -> None:
    take_in(quiet_company, LIST.encode())
    for path in ("/contacts.csv", "/accounts.csv"):
        answer = ana.get(path)
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert set(take_in(quiet_company, answer.data)) == {"lines"}, path
    rows = list(csv.DictReader(io.StringIO(ana.get("/contacts.csv").data.decode("utf-8-sig"))))
    (noa,) = [row for row in rows if row["Name"] == "Noa"]
    assert noa["Email"] == "noa@umbra.example ::: n@home.example"
    assert (noa["Title"], noa["Unsubscribed"]) == ("'=Boss", "yes")
    assert (noa["Known since"], noa["Assigned to"]) == ("2025-02-03", ROBIN)


def test_everything_is_one_archive_for_admins(
    ana: Visitor, robin: Visitor, quiet_company: Company
) -> None:
    assert robin.get("/settings/everything.zip").status_code == 403
    contact = str(quiet_company.value("SELECT id FROM contacts WHERE name = 'Dana Reyes'"))
    ana.post("/tasks", title="Call Dana", due="2027-01-05", contact=contact, nonce="one")
    answer = ana.get("/settings/everything.zip")
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        assert archive.testzip() is None
        names = ["accounts.csv", "contacts.csv", "notes.csv", "tasks.csv", "audit-log.csv"]
        assert archive.namelist() == names
        assert "Northwind Traders" in archive.read("accounts.csv").decode()
        assert "Call Dana,2027-01-05,,,Dana Reyes,ana@" in archive.read("tasks.csv").decode()
        assert "export.made" in archive.read("audit-log.csv").decode()
    assert quiet_company.value("SELECT count(*) FROM audit_log WHERE action = 'export.made'") == 1
