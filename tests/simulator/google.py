"""Google's own client, pointed at a simulator, and a few words the tests share."""

import base64
import json
from email.message import EmailMessage
from typing import Any

import requests
from google.oauth2.credentials import Credentials
from googleapiclient.discovery import build_from_document

from tests.simulator.discovery_check import DOCUMENTS

ROBIN = "robin@lumenworks.example"
KIM = "kim@lumenworks.example"
ANA = "ana@lumenworks.example"
DANA = "dana@northwind.example"
TOPIC = "projects/rapport-local/topics/gmail"
GMAIL = "https://www.googleapis.com/auth/gmail."


def gmail_client(root: str, token: str) -> Any:
    """The real client with every address moved to `root`."""
    document = json.loads((DOCUMENTS / "gmail.v1.json").read_text(encoding="utf-8"))
    document["rootUrl"] = f"{root}/"
    document["baseUrl"] = f"{root}/{document['servicePath']}"
    document.pop("mtlsRootUrl", None)
    return build_from_document(document, credentials=Credentials(token))  # type: ignore[no-untyped-call]


class Google:
    """One running simulator, spoken to as the product and as the test."""

    def __init__(self, root: str) -> None:
        self.root = root
        self._clients: list[Any] = []

    def token(self, email: str = ROBIN) -> str:
        return str(self.post("/simulator/session", {"email": email})["access_token"])

    def users(self, email: str = ROBIN, *, token: str = "") -> Any:
        """`gmail.users()` of the real client, signed in as this person."""
        client = gmail_client(self.root, token or self.token(email))
        self._clients.append(client)
        return client.users()

    def service(self, email: str = ROBIN) -> Any:
        client = gmail_client(self.root, self.token(email))
        self._clients.append(client)
        return client

    def post(self, path: str, body: object) -> Any:
        answer = requests.post(f"{self.root}{path}", json=body, timeout=20)
        assert answer.ok, answer.text
        return answer.json()

    def get(self, path: str, **query: str) -> Any:
        answer = requests.get(f"{self.root}{path}", params=query, timeout=20)
        assert answer.ok, answer.text
        return answer.json()

    def fault(self, kind: str, **more: object) -> None:
        self.post("/simulator/faults", {"kind": kind, **more})

    def close(self) -> None:
        for client in self._clients:
            client.close()


def mail(
    to: str, subject: str = "Hello", text: str = "Hello there.", **headers: str
) -> EmailMessage:
    """A plain mail; header names with underscores for hyphens."""
    message = EmailMessage()
    if to:
        message["To"] = to
    message["Subject"] = subject
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(text)
    return message


def body(message: EmailMessage | bytes, **more: str) -> dict[str, str]:
    """The request body of a send."""
    raw = message if isinstance(message, bytes) else message.as_bytes()
    return {"raw": base64.urlsafe_b64encode(raw).decode(), **more}


def send(users: Any, message: EmailMessage, **more: str) -> Any:
    return users.messages().send(userId="me", body=body(message, **more)).execute()


def headers_of(message: Any) -> dict[str, str]:
    """By lower-case name, the first of each."""
    found: dict[str, str] = {}
    for one in message["payload"]["headers"]:
        found.setdefault(one["name"].lower(), one["value"])
    return found


def full(users: Any, ident: str) -> Any:
    return users.messages().get(userId="me", id=ident).execute()


def newest(users: Any, **query: object) -> Any:
    """The newest message of a listing, in full."""
    listed = users.messages().list(userId="me", maxResults=1, **query).execute()
    return full(users, listed["messages"][0]["id"])


def history_since(users: Any, start: str, **query: object) -> list[Any]:
    """All records of all pages."""
    records: list[Any] = []
    token: str | None = None
    while True:
        page = (
            users.history()
            .list(userId="me", startHistoryId=start, pageToken=token, **query)
            .execute()
        )
        records += page.get("history", [])
        token = page.get("nextPageToken")
        if token is None:
            return records
