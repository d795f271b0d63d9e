"""Files of received mail: fetched from Gmail on request, for everybody who may read the message."""

import re
from base64 import b64encode

import pytest

from tests.console.conftest import Visitor, words
from tests.support.company import DANA, KIM, ROBIN, Company
from tests.support.decisions import share
from tests.support.sealed_mail import INNER, mail_of, outlook, signed

GET_FILE = "gmail.users.messages.attachments.get"
OFFER = bytes(range(256)) * 1024


def attached(name: str, data: bytes, kind: str = "application/octet-stream") -> dict[str, str]:
    return {"filename": name, "mime_type": kind, "content_base64": b64encode(data).decode()}


@pytest.fixture
def message(quiet_company: Company) -> int:
    """A mail of Dana's with files, in Robin's mailbox."""
    files = [
        attached("../Offer \u202efdp.exe", OFFER),
        attached("page.html", b"<script>alert(1)</script>", "text/html"),
        attached("notes.txt", "Grüße".encode(), "text/plain"),
        attached("empty.csv", b"", "text/csv"),
        attached("見積 für Zoë.pdf", b"%PDF", "application/pdf"),
    ]
    quiet_company.receives(ROBIN, **{"from": DANA, "subject": "Offer", "attachments": files})
    quiet_company.connected(ROBIN)
    return int(quiet_company.value("SELECT id FROM messages"))


def test_files_are_saved_and_harmless_ones_opened(
    robin: Visitor, message: int, quiet_company: Company
) -> None:
    thread = quiet_company.value("SELECT id FROM conversations")
    page = robin.get(f"/conversations/{thread}").get_data(as_text=True)
    at = f"/messages/{message}/files"
    assert page.count(f'href="{at}/') == 6
    assert f'href="{at}/3?open=1"' in page
    offer = robin.get(f"{at}/1")
    assert offer.data == OFFER
    assert offer.headers["Content-Disposition"].startswith("attachment; filename=")
    assert "/" not in offer.headers["Content-Disposition"]
    assert "%E2%80%AE" not in offer.headers["Content-Disposition"]
    assert "sandbox" in offer.headers["Content-Security-Policy"]
    assert offer.headers["X-Content-Type-Options"] == "nosniff"
    page_file = robin.get(f"{at}/2?open=1")
    assert page_file.mimetype == "application/octet-stream"
    assert page_file.headers["Content-Disposition"].startswith("attachment")
    notes = robin.get(f"{at}/3?open=1")
    assert notes.data.decode() == "Grüße"
    assert notes.headers["Content-Disposition"].startswith("inline")
    assert robin.get(f"{at}/4").data == b""
    named = robin.get(f"{at}/5").headers["Content-Disposition"]
    assert named == (
        'attachment; filename="__ fur Zoe.pdf"; '
        "filename*=UTF-8''%E8%A6%8B%E7%A9%8D%20f%C3%BCr%20Zo%C3%AB.pdf"
    )


def test_files_inside_of_files_are_named_and_opened(robin: Visitor, quiet_company: Company) -> None:
    head = (f"From: {DANA}", "To: robin@ours.example", "Date: Thu, 26 Nov 2026 09:00:00 +0000")
    sealed = mail_of(signed(INNER), "application/pkcs7-mime; name=smime.p7m", *head, "Subject: A")
    company = mail_of(outlook("", "a.txt", b"Hi"), "application/ms-tnef", *head, "Subject: B")
    trashed = quiet_company.receives(ROBIN, raw_base64=b64encode(sealed).decode())
    quiet_company.receives(ROBIN, raw_base64=b64encode(company).decode())
    quoted = "Ten.\n\nOn 3 May 2026, Kim wrote:\n> How many?\n"
    quiet_company.receives(ROBIN, **{"from": DANA, "subject": "C", "text": quoted})
    quiet_company.connected(ROBIN)
    quiet_company.gmail(ROBIN).post(f"messages/{trashed}/trash", {})
    quiet_company.later(minutes=16).sweep()
    first, second, third = (
        row
        for row in quiet_company.rows("SELECT id, conversation_id FROM messages ORDER BY subject")
    )
    page = words(robin.get(f"/conversations/{first[1]}"))
    assert "Please renew for 40 seats." in page
    assert "smime, signed by Mia Lang.p7m" in page
    assert "not checked here" in page
    assert "In the trash" in page
    assert robin.get(f"/messages/{first[0]}/files/~.1").data == b"%PDF-1.4"
    assert "Outlook's own format, with text and files in it" in words(
        robin.get(f"/conversations/{second[1]}")
    )
    assert robin.get(f"/messages/{second[0]}/files/~.0").data == b"Hi"
    page = words(robin.get(f"/conversations/{third[1]}"))
    assert re.search(r"Show the original: 4\d characters more", page)


def test_a_file_that_cannot_be_had_says_why(
    robin: Visitor, kim: Visitor, message: int, quiet_company: Company
) -> None:
    file = f"/messages/{message}/files/1"
    fault = {"kind": "status", "params": {"code": 503}, "match": GET_FILE, "times": 1}
    quiet_company.simulator.post("/simulator/faults", fault)
    assert robin.get(file).status_code == 503
    assert kim.get(file).data == OFFER, "the team reads it, from Robin's mailbox"
    share(quiet_company, "metadata")
    assert kim.get(file).status_code == 404
    assert robin.get(f"/messages/{message}/files/9").status_code == 404
    assert "no such file" in words(robin.get(f"/messages/{message}/files/9"))
    gmail = quiet_company.gmail(ROBIN)
    gmail.delete(f"messages/{quiet_company.value('SELECT gmail_id FROM message_copies')}")
    gone = robin.get(file)
    assert gone.status_code == 404
    assert "No connected mailbox has this email any more" in words(gone)


def test_a_mail_is_passed_on_with_its_files(
    robin: Visitor, kim: Visitor, message: int, quiet_company: Company
) -> None:
    at = f"/messages/{message}/forward"
    form = robin.get(at).get_data(as_text=True)
    assert 'value="Fwd: Offer"' in form
    assert "---------- Forwarded message ---------" in form
    assert form.count('name="keep_file"') == 5
    mail = {"subject": "Fwd: Offer", "body_text": "Please look.", "keep_file": ["1", "3"]}
    assert robin.post(at, to="lee@else.example", **mail).status_code == 422
    gone = {"kind": "status", "params": {"code": 404}, "match": GET_FILE, "times": 1}
    quiet_company.simulator.post("/simulator/faults", gone)
    for named, said in (("1", "Take “Offer fdp.exe” off"), ("9", "is not on the email any more")):
        refused = robin.post(at, to=KIM, **{**mail, "keep_file": [named]})
        assert (refused.status_code, said in words(refused)) == (422, True), words(refused)
        assert "Please look." in words(refused)
    done = robin.post(at, to=KIM, **mail)
    assert "As it will arrive" in robin.follow(done)
    quiet_company.work()
    row = quiet_company.rows(
        "SELECT p.state, p.conversation_id, array_agg(f.name ORDER BY f.id)"
        " FROM pending_messages p JOIN pending_files f ON f.pending_id = p.id GROUP BY p.id"
    )
    assert row[0][0] == "sent"
    assert row[0][2][1:] == ["notes.txt"]
    assert "\u202e" not in row[0][2][0]
    (inbox,) = quiet_company.gmail(KIM).get("messages")["messages"]
    found = quiet_company.gmail(KIM).get(f"messages/{inbox['id']}")["payload"]
    assert [one["filename"] for one in found["parts"][1:]] == row[0][2]
    share(quiet_company, "subject")
    assert kim.get(at).status_code == 404


def test_what_is_passed_on_to_a_colleague_can_be_changed_while_it_waits(
    robin: Visitor, message: int, quiet_company: Company
) -> None:
    text = "Please look.\n\n---------- Forwarded message ---------\nFrom: Dana"
    mail = {"to": KIM, "subject": "Fwd: Offer", "body_text": text}
    robin.post(f"/messages/{message}/forward", **mail)
    letter = quiet_company.value("SELECT id FROM pending_messages")
    assert "Contacts or colleagues." in robin.page(f"/pending/{letter}/edit")
    for version in ("1", "2"):
        changed = {**mail, "body_text": "Please look.", "version": version}
        assert "Saved" in robin.follow(robin.post(f"/pending/{letter}", **changed))


def test_who_wrote_an_attached_mail_is_read_when_asked(
    robin: Visitor, quiet_company: Company
) -> None:
    heads = {
        "offer.eml": b"From: Pat Miller <pat@newfirm.example>\r\nSubject: Offer\r\n\r\nIn May.",
        "old.eml": f"From: {DANA}\r\n\r\nHi".encode(),
        "none.eml": b"nothing of a mail",
    }
    files = [attached(name, data, "message/rfc822") for name, data in heads.items()]
    quiet_company.receives(ROBIN, **{"from": DANA, "subject": "See these", "attachments": files})
    quiet_company.connected(ROBIN)
    thread = quiet_company.value("SELECT id FROM conversations")
    page = robin.get(f"/conversations/{thread}").get_data(as_text=True)
    links = re.findall(r'href="([^"]+/sender)">Who wrote it', page)
    assert len(links) == 3
    to = [robin.get(link).headers.get("Location", "") for link in links]
    assert to[0] == "/contacts/new?name=Pat+Miller&email=pat@newfirm.example"
    assert re.fullmatch(r"/contacts/\d+", to[1])
    assert "names nobody who wrote it" in words(robin.get(links[2]))
