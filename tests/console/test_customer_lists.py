"""Import customers by a browser without JavaScript, from the file to the undo."""

import csv
import io

import pytest

from backend.domain.customers.lists import MOST_BYTES
from tests.console.conftest import Visitor, member, words
from tests.support.company import KIM, Company

LIST = (
    "Email;Who;Company\nnoa@umbra.example;Noa Berg;Umbra\nida at umbra;=Ida;Umbra\n;Max;\n"
).encode("cp1252")
CHOSEN = {"column-0": "Email", "column-1": "Name", "column-2": "Account"}


@pytest.fixture
def listed(robin: Visitor, quiet_company: Company) -> str:
    """The address of Robin's list, uploaded and not checked yet."""
    page = robin.follow(robin.post("/imports/customers", file=(io.BytesIO(LIST), "our list.csv")))
    assert "our list.csv" in page
    assert "UTF-8 with semicolons" in page
    assert "Noa Berg · =Ida · Max" in page
    return f"/imports/customers/{quiet_company.value('SELECT id FROM customer_lists')}"


def test_a_list_is_checked_and_its_findings_are_a_file(
    robin: Visitor, quiet_company: Company, listed: str
) -> None:
    wrong = robin.post(f"{listed}/columns", **{"column-1": "Name"})
    assert wrong.status_code == 422
    assert "Choose at least one column for Email or Account" in words(wrong)
    assert "Nothing is written yet." in robin.follow(robin.post(f"{listed}/columns", **CHOSEN))
    assert robin.get(listed, **{"HX-Request": "true"}).status_code == 200
    quiet_company.work()
    ended = robin.get(listed, **{"HX-Request": "true"})
    assert (ended.status_code, ended.headers["HX-Refresh"]) == (286, "true")
    page = robin.page(listed)
    assert "New contacts 1" in page
    assert "Import 1 line, leave out 1" in page
    assert 'Line 3 "ida at umbra" is not a usable email address.' in page
    answer = robin.get(f"{listed}/findings.csv")
    head, *rows = csv.reader(io.StringIO(answer.get_data(as_text=True).removeprefix("\ufeff")))
    assert head == ["Line", "Outcome", "Reason", "Email", "Who", "Company"]
    assert [(row[0], row[1], row[4]) for row in rows] == [
        ("3", "Not imported", "'=Ida"),
        ("4", "Left out", "Max"),
    ]


def test_a_list_becomes_contacts_and_is_undone(
    robin: Visitor, quiet_company: Company, listed: str
) -> None:
    robin.post(f"{listed}/columns", **CHOSEN)
    quiet_company.work()
    assert "Importing" in robin.follow(robin.post(f"{listed}/run"))
    assert "moved on already" in robin.follow(robin.post(f"{listed}/run"))
    quiet_company.work()
    assert "Contacts added 1" in robin.page(listed)
    assert robin.page("/contacts?q=Noa").count("Noa Berg") == 1
    assert member(quiet_company, KIM).get(listed).status_code == 404
    assert "Undo the import of our list.csv?" in robin.page(f"{listed}/undo")
    robin.post(f"{listed}/undo")
    quiet_company.work()
    assert "Nothing of the list is left." in robin.page(listed)
    assert "Noa Berg" not in robin.page("/contacts?q=Noa")


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "Choose a file"),
        (b"PK\x03\x04" + b"x" * 100, "This is an Excel workbook"),
        (b"x" * (MOST_BYTES + 5), "larger than 10 MB"),
        (b"a," * 50_000 + b"\nx", "50,001 columns"),
    ],
    ids=["empty", "Excel", "large", "wide"],
)
def test_a_hostile_file_is_answered_at_the_field(
    robin: Visitor, data: bytes, sentence: str
) -> None:
    body = (
        f'--edge\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n{robin.token()}\r\n'
        '--edge\r\nContent-Disposition: form-data; name="file"; filename="x.csv"\r\n\r\n'
    ).encode()
    answer = robin.client.post(
        "/imports/customers",
        data=body + data + b"\r\n--edge--\r\n",
        content_type="multipart/form-data; boundary=edge",
    )
    assert answer.status_code == 422
    assert sentence in words(answer)
    assert 'id="f-file-wrong"' in answer.get_data(as_text=True)


def test_nothing_chosen_and_a_list_discarded(robin: Visitor, quiet_company: Company) -> None:
    assert "Choose a file" in words(robin.post("/imports/customers"))
    robin.post("/imports/customers", file=(io.BytesIO(b"Email\na@u.example\n"), "x.csv"))
    at = f"/imports/customers/{quiet_company.value('SELECT id FROM customer_lists')}"
    assert "Nothing of it was written" in robin.follow(robin.post(f"{at}/discard"))
    assert "discarded already" in robin.follow(robin.post(f"{at}/discard"))
    assert quiet_company.value("SELECT count(*) FROM contacts WHERE created_via = 'csv'") == 0
