"""The search language of `q` (infra.md §4.2), operator by operator, on four mails."""

import pytest

from tests.simulator.google import DANA, KIM, ROBIN, Google, mail, send

JON = "jon@adatum.example"


@pytest.fixture
def filled(google: Google) -> Google:
    """A: from Dana, unread. B: from Jon with a file, old. C: sent to Kim. D: spam."""
    google.post("/simulator/search", {"lag_seconds": 0})
    deliver = "/simulator/mail"
    google.post(
        deliver,
        {
            "to": ROBIN,
            "from": f"Dana Reyes <{DANA}>",
            "subject": "A renewal",
            "text": "The quick brown fox.",
            "headers": {"Message-ID": "<a@x.example>"},
        },
    )
    google.post(
        deliver,
        {
            "to": ROBIN,
            "cc": KIM,
            "from": JON,
            "subject": "B invoice 100%",
            "text": "See attachment.",
            "date": "2024-05-06T12:00:00+00:00",
            "labels": ["INBOX"],
            "attachments": [{"filename": "Invoice.pdf", "content_base64": "aGk="}],
        },
    )
    send(google.users(), mail(KIM, "C plan", "Brown paper."))
    google.post(
        deliver, {"to": ROBIN, "from": "x@spam.example", "subject": "D", "labels": ["SPAM"]}
    )
    return google


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("in:inbox", "AB"),
        ("in:sent", "C"),
        ("in:spam", "D"),
        ("in:anywhere", "ABCD"),
        ("is:unread", "A"),
        ("is:read", "BC"),
        ("label:inbox -is:unread", "B"),
        ("category:personal", "A"),
        ("from:dana", "A"),
        ("from:me", "C"),
        ("-from:dana", "BC"),
        ("from:{dana jon}", "AB"),
        ("{from:dana from:jon}", "AB"),
        ("from:dana OR from:jon", "AB"),
        ("in:inbox (from:dana OR from:me)", "A"),
        ("to:me", "AB"),
        ("to:kim", "BC"),
        ("cc:kim", "B"),
        ("subject:renewal", "A"),
        ('subject:"a renewal"', "A"),
        ("subject:(a renewal)", "A"),
        ("subject:100%", "B"),
        ("has:attachment", "B"),
        ("filename:invoice.pdf", "B"),
        ("filename:pdf", "B"),
        ("brown", "AC"),
        ('"quick brown"', "A"),
        ('"brown quick"', ""),
        ("brown -fox", "C"),
        ("rfc822msgid:a@x.example", "A"),
        ("rfc822msgid:<a@x.example>", "A"),
        ("before:2024/05/07", "B"),
        ("before:2024/05/06", ""),
        ("after:2024/05/07", "AC"),
        ("after:1714996799 before:1714996801", "B"),
        ("newer_than:2d", "AC"),
        ("older_than:1y", "B"),
        ("larger:1k", ""),
        ("smaller:10m", "ABC"),
        ("", "ABC"),
        ("nothing:like", ""),
    ],
)
def test_a_query_finds(filled: Google, query: str, found: str) -> None:
    users = filled.users()
    listed = users.messages().list(userId="me", q=query).execute().get("messages", [])
    subjects = [
        users.messages()
        .get(userId="me", id=one["id"], format="metadata", metadataHeaders=["Subject"])
        .execute()["payload"]["headers"][0]["value"][0]
        for one in listed
    ]
    assert "".join(sorted(subjects)) == found
