"""What Gmail makes of a mail that is sent (gmail-sync.md §1.7)."""

import base64
from email.message import EmailMessage

import pytest
from googleapiclient.errors import HttpError

from tests.simulator.google import (
    ANA,
    KIM,
    ROBIN,
    Google,
    body,
    full,
    headers_of,
    mail,
    newest,
    send,
)


def test_the_message_id_is_replaced_and_x_headers_stay(google: Google) -> None:
    users = google.users()
    sent = send(users, mail(KIM, Message_ID="<mine@rapport>", X_Rapport_Send_Id="abc"))
    headers = headers_of(full(users, sent["id"]))
    assert headers["message-id"].endswith("@mail.gmail.com>")
    assert headers["x-rapport-send-id"] == "abc"
    raw = users.messages().get(userId="me", id=sent["id"], format="raw").execute()["raw"]
    assert b"mine@rapport" not in base64.urlsafe_b64decode(raw)


@pytest.mark.parametrize("method", ["insert", "import_"])
def test_the_message_id_of_filed_mail_stays(google: Google, method: str) -> None:
    users = google.users()
    request = body(mail(ROBIN, Message_ID="<kept@elsewhere.example>", From="x@elsewhere.example"))
    filed = getattr(users.messages(), method)(userId="me", body=request).execute()
    assert headers_of(full(users, filed["id"]))["message-id"] == "<kept@elsewhere.example>"


def test_a_send_answers_ids_and_the_sent_label(google: Google) -> None:
    answer = send(google.users(), mail(KIM))
    assert answer == {"id": answer["id"], "threadId": answer["id"], "labelIds": ["SENT"]}


def test_everybody_gets_one_copy_and_nobody_sees_bcc(google: Google) -> None:
    users = google.users()
    sent = send(users, mail(KIM, Cc="stranger@new.example", Bcc=f"{ANA}, {KIM}"))
    assert headers_of(full(users, sent["id"]))["bcc"] == f"{ANA}, {KIM}"
    for address in (KIM, ANA, "stranger@new.example"):
        copy = newest(google.users(address))
        assert {"INBOX", "UNREAD"} <= set(copy["labelIds"])
        assert "bcc" not in headers_of(copy)
        assert headers_of(copy)["delivered-to"] == address
    kims = google.users(KIM).messages().list(userId="me").execute()["messages"]
    assert len(kims) == 1


def test_mail_to_oneself_is_one_message_in_both_places(google: Google) -> None:
    users = google.users()
    sent = send(users, mail(ROBIN))
    assert {"SENT", "INBOX"} <= set(sent["labelIds"])
    assert len(users.messages().list(userId="me").execute()["messages"]) == 1


def test_a_plus_address_leads_to_the_same_mailbox(google: Google) -> None:
    send(google.users(), mail("kim+crm@lumenworks.example"))
    assert headers_of(newest(google.users(KIM)))["to"] == "kim+crm@lumenworks.example"


def test_a_from_that_is_not_ours_is_rewritten(google: Google) -> None:
    users = google.users()
    sent = send(users, mail(KIM, From="The Boss <boss@lumenworks.example>"))
    assert headers_of(full(users, sent["id"]))["from"] == f"Robin Vale <{ROBIN}>"


@pytest.mark.parametrize(
    ("alias", "kept"),
    [("sales@lumenworks.example", True), ("robin@vale.example", False)],
    ids=["an accepted alias stays", "an alias awaiting its confirmation is rewritten"],
)
def test_aliases(company: Google, alias: str, *, kept: bool) -> None:
    users = company.users()
    sent = send(users, mail(KIM, From=f"Sales <{alias}>"))
    assert (alias in headers_of(full(users, sent["id"]))["from"]) is kept


@pytest.mark.parametrize(
    ("message", "text"),
    [
        (mail(""), "Recipient address required"),
        (mail("just words"), "Invalid To header"),
        (mail(", ".join(f"p{n}@many.example" for n in range(101))), "Too many recipients"),
    ],
    ids=["nobody to send to", "no address in To", "more than a hundred"],
)
def test_what_gmail_refuses(google: Google, message: EmailMessage, text: str) -> None:
    with pytest.raises(HttpError) as refused:
        send(google.users(), message)
    assert refused.value.status_code == 400
    assert text in str(refused.value)


@pytest.mark.parametrize("raw", [None, "", "!!!!", "abcde"])
def test_a_body_without_a_readable_mail_is_refused(google: Google, raw: str | None) -> None:
    request = google.users().messages().send(userId="me", body={"raw": raw} if raw else {})
    with pytest.raises(HttpError) as refused:
        request.execute()
    assert refused.value.status_code == 400


def test_raw_may_come_without_padding(google: Google) -> None:
    encoded = base64.urlsafe_b64encode(mail(KIM).as_bytes()).decode().rstrip("=")
    sent = google.users().messages().send(userId="me", body={"raw": encoded}).execute()
    assert sent["labelIds"] == ["SENT"]


@pytest.mark.parametrize("address", ["dana@bounce.example", "nobody.home@northwind.example"])
def test_an_address_that_does_not_exist_is_reported_in_the_thread(
    google: Google, address: str
) -> None:
    users = google.users()
    sent = send(users, mail(address, "Offer", X_Rapport_Send_Id="77"))
    thread = users.threads().get(userId="me", id=sent["threadId"]).execute()
    original, report = thread["messages"]
    headers = headers_of(report)
    assert headers["from"] == "Mail Delivery Subsystem <mailer-daemon@googlemail.com>"
    assert headers["x-failed-recipients"] == address
    assert headers["in-reply-to"] == headers_of(original)["message-id"]
    assert "INBOX" in report["labelIds"]
    types = [part["mimeType"] for part in report["payload"]["parts"]]
    assert types == ["text/plain", "message/delivery-status", "text/rfc822-headers"]


def test_an_unknown_colleague_bounces_as_well(google: Google) -> None:
    users = google.users()
    sent = send(users, mail("ghost@lumenworks.example"))
    assert len(users.threads().get(userId="me", id=sent["threadId"]).execute()["messages"]) == 2


def test_what_was_accepted_is_counted_by_send_id(google: Google) -> None:
    users = google.users()
    for _ in range(2):
        send(users, mail(KIM, X_Rapport_Send_Id="twice"))
    send(users, mail(KIM, X_Rapport_Send_Id="once"))
    assert google.get("/simulator/deliveries", send_id="twice")["count"] == 2
    (once,) = google.get("/simulator/deliveries", send_id="once")["sends"]
    assert once["recipients"] == [KIM]
    assert google.get("/simulator/deliveries", send_id="never")["count"] == 0
