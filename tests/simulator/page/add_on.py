"""An add-on for the tests: a real web server that answers what a test wants and keeps the calls."""

import base64
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.support.serving import at_work

Json = dict[str, Any]
PICTURE = base64.b64decode(  # one teal dot
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mPgL8v7DwACqwGmIO1nSgAAAABJRU5ErkJggg=="
)


@dataclass(frozen=True)
class Received:
    """One call as it came in."""

    path: str
    authorization: str
    event: Json


@dataclass
class AddOn:
    """`answers` by path: JSON, or raw bytes. `status` and `delay` hold for all of them."""

    root: str = ""
    answers: dict[str, Json | bytes] = field(default_factory=dict)
    received: list[Received] = field(default_factory=list)
    status: int = 200
    delay: float = 0.0

    def reset(self) -> None:
        self.answers, self.received, self.status, self.delay = {}, [], 200, 0.0

    def url(self, path: str) -> str:
        return f"{self.root}{path}"

    def body(self, path: str) -> bytes:
        answer = self.answers.get(path, {})
        return answer if isinstance(answer, bytes) else json.dumps(answer).encode()


@contextmanager
def serving_add_on() -> Iterator[AddOn]:
    """Serve one from a thread."""
    add_on = AddOn()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            event = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            authorization = self.headers.get("Authorization", "")
            add_on.received.append(Received(self.path, authorization, event))
            threading.Event().wait(add_on.delay)
            body = add_on.body(self.path)
            self.send_response(add_on.status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_GET(self) -> None:
            is_picture = self.path.endswith(".png")
            body = PICTURE if is_picture else b"<!doctype html><title>Ticket Desk</title>"
            self.send_response(200)
            self.send_header("Content-Type", "image/png" if is_picture else "text/html")
            if "isolated" in self.path:
                self.send_header("Cross-Origin-Opener-Policy", "same-origin")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    add_on.root = f"http://127.0.0.1:{server.server_port}"
    with at_work(server):
        yield add_on


def deployment_of(add_on: AddOn, **gmail: object) -> Json:
    """A deployment of it with all triggers."""
    auth = "https://www.googleapis.com/auth/"
    return {
        "oauthScopes": [
            f"{auth}gmail.addons.execute",
            f"{auth}gmail.addons.current.message.action",
            f"{auth}gmail.addons.current.message.metadata",
            f"{auth}gmail.addons.current.action.compose",
            f"{auth}userinfo.email",
            f"{auth}script.locale",
        ],
        "addOns": {
            "common": {
                "name": "Ticket Desk",
                "logoUrl": add_on.url("/logo.png"),
                "homepageTrigger": {"runFunction": add_on.url("/home?from=gmail")},
                "universalActions": [
                    {"label": "Settings", "runFunction": add_on.url("/settings")},
                    {"label": "Help", "openLink": add_on.url("/help")},
                ],
                "openLinkUrlPrefixes": [add_on.url("/")],
                "useLocaleFromApp": True,
            },
            "gmail": {
                "contextualTriggers": [
                    {"unconditional": {}, "onTriggerFunction": add_on.url("/message")}
                ],
                "composeTrigger": {
                    "actions": [{"label": "Desk tools", "runFunction": add_on.url("/compose")}],
                    "draftAccess": "METADATA",
                },
                **gmail,
            },
            "httpOptions": {"authorizationHeader": "SYSTEM_ID_TOKEN"},
        },
    }


def card(*widgets: Json, title: str = "Dana Reyes", **more: object) -> Json:
    """A card of one section."""
    found: Json = {"header": {"title": title}, "sections": [{"widgets": list(widgets)}]}
    return {**found, **more}


def text(content: str) -> Json:
    return {"textParagraph": {"text": content}}


def trigger_answer(*cards: Json) -> Json:
    return {"action": {"navigations": [{"pushCard": one} for one in cards]}}


def click_answer(*steps: Json, **more: object) -> Json:
    return {"renderActions": {"action": {"navigations": list(steps)}}, **more}
