"""Made-up mail in the form of Gmail's `messages.get?format=full`, about 65 KB each on average."""

import base64
import random
from collections.abc import Iterator

import orjson

CONTACTS = 20_000
OURS = "robin@ours.example"
WORDS = (
    *("renewal", "meeting", "invoice", "agenda", "rollout", "contract", "question", "update"),
    *("launch", "budget", "review", "team", "Thursday", "quarter", "attached", "thanks"),
    *("customer", "support", "project", "deadline", "report", "numbers", "plan", "call"),
)
HTML_BYTES = (4_000, 12_000, 40_000, 60_000, 110_000)
"""Sizes of the HTML part, equally frequent: newsletters are big, answers are small."""

KNOWN_SHARE, THREAD_SHARE = 0.8, 0.5
START_MS = 1_760_000_000_000


def contact(number: int) -> str:
    """The address of one contact."""
    return f"person{number}@customer{number % 2000}.example"


def payloads(count: int, seed: int) -> list[bytes]:
    """Answers as they come off the wire."""
    return list(written(random.Random(seed), count, seed))


def written(rng: random.Random, count: int, seed: int) -> Iterator[bytes]:
    """One after the other; half of them answer an earlier one."""
    earlier: list[tuple[str, str]] = []
    for number in range(count):
        gmail_id = f"{seed:04x}{number:012x}"
        rfc_id, thread_id, cited = f"{gmail_id}@mail.example", gmail_id, ""
        if earlier and rng.random() < THREAD_SHARE:
            thread_id, cited = rng.choice(earlier[-200:])
        earlier.append((thread_id, rfc_id))
        known = rng.random() < KNOWN_SHARE
        sender = contact(rng.randrange(CONTACTS)) if known else f"stranger{number}@else.example"
        headers = {
            "From": f"Some Body <{sender}>",
            "To": f"Robin Vale <{OURS}>, other{rng.randrange(500)}@else.example",
            "Subject": f"Re: {prose(rng, 40)}",
            "Date": "Tue, 06 Jan 2026 10:00:00 +0000",
            "Message-ID": f"<{rfc_id}>",
            "MIME-Version": "1.0",
            "Content-Type": 'multipart/alternative; boundary="b"',
            "Received": "from mail.example by mx.google.com with ESMTPS id x; Tue, 06 Jan 2026",
            "DKIM-Signature": "v=1; a=rsa-sha256; c=relaxed/relaxed; d=example; " + "b" * 300,
        }
        if cited:
            headers |= {"In-Reply-To": f"<{cited}>", "References": f"<{cited}>"}
        html = rng.choice(HTML_BYTES)
        yield resource(gmail_id, thread_id, headers, START_MS + number * 1000, bodies(rng, html))


def bodies(rng: random.Random, size: int) -> tuple[bytes, bytes]:
    """A plain part and the same said in HTML."""
    plain = prose(rng, min(size // 8, 4000))
    cell = '<td style="padding:0 12px;font-family:Arial,sans-serif;color:#333333">'
    parts, length = [f"<html><body><p>{plain}</p><table>"], len(plain)
    while length < size:
        row = f"<tr>{cell}{prose(rng, 120)}</td></tr>\n"
        parts.append(row)
        length += len(row)
    return plain.encode(), ("".join(parts) + "</table></body></html>").encode()


def prose(rng: random.Random, length: int) -> str:
    """Some words."""
    return " ".join(rng.choices(WORDS, k=max(1, length // 7)))


def resource(
    gmail_id: str,
    thread_id: str,
    headers: dict[str, str],
    received_ms: int,
    parts: tuple[bytes, bytes],
) -> bytes:
    """The JSON of one message."""
    kinds = ("text/plain", "text/html")
    return orjson.dumps(
        {
            "id": gmail_id,
            "threadId": thread_id,
            "labelIds": ["INBOX", "UNREAD"],
            "snippet": "Some words",
            "sizeEstimate": sum(map(len, parts)),
            "historyId": "1000",
            "internalDate": str(received_ms),
            "payload": {
                "partId": "",
                "mimeType": "multipart/alternative",
                "filename": "",
                "headers": [{"name": n, "value": v} for n, v in headers.items()],
                "body": {"size": 0},
                "parts": [
                    {
                        "partId": str(place),
                        "mimeType": kind,
                        "filename": "",
                        "headers": [
                            {"name": "Content-Type", "value": f'{kind}; charset="UTF-8"'},
                        ],
                        "body": {
                            "size": len(part),
                            "data": base64.urlsafe_b64encode(part).decode(),
                        },
                    }
                    for place, (kind, part) in enumerate(zip(kinds, parts, strict=True))
                ],
            },
        }
    )
