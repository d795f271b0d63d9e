"""Files in the forms of the console, by a browser without JavaScript."""

import re
from io import BytesIO

import pytest
from werkzeug.test import TestResponse

from backend.domain.writing.message_size import MB
from tests.console.conftest import Visitor, member, visitor, words
from tests.support.company import DANA, KIM, ROBIN, Company
from tests.support.decisions import share

LETTER = {
    "to": DANA,
    "subject": "Renewal",
    "body_text": "See the offer.",
    "when": "delay",
    "delay": "1",
}


def upload(name: str, data: bytes = b"some bytes") -> tuple[BytesIO, str]:
    return BytesIO(data), name


def send_whole(visitor: Visitor, name: str, data: bytes) -> TestResponse:
    """A form in one piece: for large ones the client of the tests leaves a file open."""
    fields = {"csrf_token": visitor.token(), **LETTER}
    head = "".join(
        f'--edge\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'
        for key, value in fields.items()
    )
    head += f'--edge\r\nContent-Disposition: form-data; name="files"; filename="{name}"\r\n\r\n'
    body = head.encode() + data + b"\r\n--edge--\r\n"
    kind = "multipart/form-data; boundary=edge"
    return visitor.client.post("/conversations", data=body, content_type=kind)


def names(company: Company) -> list[str]:
    return [name for (name,) in company.rows("SELECT name FROM pending_files ORDER BY id")]


@pytest.mark.contract("H-21")
def test_several_files_are_attached_and_shown_in_preview_and_list(
    connected: Visitor, quiet_company: Company
) -> None:
    answer = connected.post("/conversations", files=[upload("a.pdf"), upload("b.csv")], **LETTER)
    assert "Files a.pdf (10 bytes) b.csv (10 bytes)" in connected.follow(answer)
    assert names(quiet_company) == ["a.pdf", "b.csv"]
    assert "Renewal 2 files" in connected.page("/conversations/pending")


def test_a_reply_takes_files_too(connected: Visitor, quiet_company: Company) -> None:
    quiet_company.receives(ROBIN, **{"from": DANA, "subject": "Pilot"})
    quiet_company.connected(ROBIN)
    thread = quiet_company.value("SELECT id FROM conversations")
    form = connected.get(f"/conversations/{thread}").get_data(as_text=True)
    assert re.search(r'replies" method="post" enctype="multipart/form-data"', form)
    answer = connected.post(
        f"/conversations/{thread}/replies",
        **{**LETTER, "files": [upload("a.pdf")]},
    )
    assert answer.status_code == 303
    assert names(quiet_company) == ["a.pdf"]


def test_a_form_that_comes_back_says_that_files_must_be_chosen_again(
    connected: Visitor, quiet_company: Company
) -> None:
    wrong = {**LETTER, "subject": ""}
    answer = connected.post("/conversations", files=[upload("a.pdf"), upload("b.csv")], **wrong)
    assert answer.status_code == 422
    told = words(answer)
    assert "Choose the files again, a browser does not keep them: a.pdf, b.csv." in told
    assert "See the offer." in told
    again = {**LETTER, "wanted_file": ["a.pdf", "b.csv"]}
    forgotten = connected.post("/conversations", **again)
    assert forgotten.status_code == 422
    assert words(forgotten).count("a browser does not keep them: a.pdf, b.csv.") == 2
    assert names(quiet_company) == []
    assert connected.post("/conversations", **again, without_files="yes").status_code == 303
    assert names(quiet_company) == []
    assert connected.post("/conversations", **again, files=[upload("a.pdf")]).status_code == 303
    assert names(quiet_company) == ["a.pdf"]


@pytest.mark.contract("H-21", "D-27")
def test_files_that_are_too_large_are_refused_with_the_reason(
    connected: Visitor, quiet_company: Company
) -> None:
    form = connected.page("/conversations/new")
    assert "At most 25 MB together. Many mail systems refuse more than 18 MB" in form
    answer = send_whole(connected, "film.mp4", bytes(25 * MB + 1))
    assert answer.status_code == 422
    assert "the limit is 25 MB of attachments" in words(answer)
    answer = send_whole(connected, "film.mp4", bytes(41 * MB))
    assert answer.status_code == 413
    assert "An email takes 25 MB of files at most, so nothing was queued." in words(answer)
    assert names(quiet_company) == []


def test_files_are_removed_and_added_when_the_mail_is_edited(
    connected: Visitor, quiet_company: Company
) -> None:
    answer = connected.post("/conversations", files=[upload("a.pdf"), upload("b.csv")], **LETTER)
    path = answer.headers["Location"]
    assert "Remove a.pdf (10 bytes)" in connected.page(f"{path}/edit")
    first = quiet_company.value("SELECT min(id) FROM pending_files")
    version = quiet_company.value("SELECT version FROM pending_messages")
    changes = {**LETTER, "version": version, "remove_file": first, "files": [upload("c.txt")]}
    assert "b.csv (10 bytes) c.txt (10 bytes)" in connected.follow(connected.post(path, **changes))
    assert names(quiet_company) == ["b.csv", "c.txt"]


LINK = re.compile(r'href="(/pending/[^"]+/files/\d+)" download')


def waiting(connected: Visitor, *files: tuple[BytesIO, str]) -> tuple[str, list[str]]:
    """A mail that waits with these files: its address and those of its files."""
    answer = connected.post("/conversations", files=list(files), **LETTER)
    path = answer.headers["Location"]
    return path, LINK.findall(connected.get(path).get_data(as_text=True))


@pytest.mark.contract("H-21")
def test_a_file_of_waiting_mail_can_be_had_back_as_it_was_chosen(connected: Visitor) -> None:
    page = b"<script>alert(1)</script>"
    path, links = waiting(connected, upload("Grüße ☀.pdf", b"%PDF\x00\xff"), upload("a.html", page))
    first, second = (connected.get(link) for link in links)
    assert (first.data, second.data) == (b"%PDF\x00\xff", page)
    named = first.headers["Content-Disposition"]
    assert named.startswith("attachment; ")
    assert named.endswith("; filename*=UTF-8''Gr%C3%BC%C3%9Fe%20%E2%98%80.pdf")
    assert second.headers["Content-Disposition"] == "attachment; filename=a.html"
    for answer in (first, second):
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"] == "no-store"
        assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert LINK.findall(connected.get(f"{path}/edit").get_data(as_text=True)) == links


def test_files_are_for_those_who_may_read_the_mail(
    connected: Visitor, quiet_company: Company
) -> None:
    quiet_company.receives(ROBIN, **{"from": DANA, "subject": "Plan"})
    quiet_company.connected(ROBIN)
    thread = quiet_company.value("SELECT id FROM conversations")
    answer = {"to": DANA, "body_text": "Yes", "when": "delay", "delay": "1"}
    connected.post(f"/conversations/{thread}/replies", files=[upload("a.pdf")], **answer)
    letter = f"/pending/{quiet_company.value('SELECT id FROM pending_messages')}"
    [link] = LINK.findall(connected.get(letter).get_data(as_text=True))
    other, _ = waiting(connected)
    mixed = f"{other}/files/{link.rpartition('/')[2]}"
    assert connected.get(mixed).status_code == 404
    assert visitor(quiet_company).get(link).status_code == 302
    kim = member(quiet_company, KIM)
    assert kim.get(link).status_code == 200
    share(quiet_company, "metadata")
    assert (connected.get(link).status_code, kim.get(link).status_code) == (200, 404)


def test_another_workspace_has_no_way_to_a_file(connected: Visitor, outsider: Visitor) -> None:
    _, [link] = waiting(connected, upload("a.pdf"))
    answer = outsider.get(link)
    assert answer.status_code == 404
    assert "There is no such pending email." in words(answer)


def test_a_file_that_is_no_longer_kept_says_where_it_may_be(
    connected: Visitor, quiet_company: Company
) -> None:
    path, [link] = waiting(connected, upload("a.pdf"))
    quiet_company.later(days=1, minutes=5).sweep()
    answer = connected.get(link)
    assert answer.status_code == 404
    assert "its files are in Gmail's Sent mail, or nowhere" in words(answer)
    page = connected.get(path).get_data(as_text=True)
    assert "a.pdf" in page
    assert LINK.findall(page) == []
