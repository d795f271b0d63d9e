"""The floor: the smallest Flask app that verifies the token and answers a card from the same
tables.

One query (contact, account, last five messages), rendered as a card. It decides nothing, logs
nothing and knows one workspace.
"""

import os
from typing import Any

import orjson
import psycopg
from flask import Flask, Response, request
from google.oauth2 import id_token

from backend.clock import utc_now
from backend.google.opened import CONNECTIONS
from backend.google.signing_keys import SigningKeys
from backend.local.serving import serve
from backend.local.web_process import Serving

QUERY = """
SELECT c.name, c.title, a.name, a.health, (
    SELECT json_agg(json_build_array(m.subject, m.sent_at, m.snippet))
    FROM (SELECT m.subject, m.sent_at, m.snippet
          FROM conversation_contacts cc JOIN messages m USING (conversation_id)
          WHERE cc.workspace_id = 1 AND cc.contact_id = c.id
          ORDER BY cc.last_message_at DESC, m.sent_at DESC LIMIT 5) m)
FROM message_copies mc
JOIN participants p ON p.message_id = mc.message_id AND p.role = 'from'
JOIN contacts c ON c.id = p.contact_id
JOIN account_contacts ac ON ac.contact_id = c.id
JOIN accounts a ON a.id = ac.account_id
WHERE mc.mailbox_id = 1 AND mc.gmail_id = %s LIMIT 1
"""

LOG_TABLE = """
CREATE TABLE floor_log (id bigserial PRIMARY KEY, text text NOT NULL);
GRANT INSERT ON floor_log TO rapport_app;
GRANT USAGE ON SEQUENCE floor_log_id_seq TO rapport_app;
"""
WORDS = "word " * (int(os.environ.get("FLOOR_LENGTH", "4000")) // 5)

app = Flask(__name__)
keys = SigningKeys(os.environ.get("FLOOR_CERTS", ""), utc_now)
connections: dict[int, psycopg.Connection[Any]] = {}


def connection() -> psycopg.Connection[Any]:
    """One connection for each process, which serves one request at a time."""
    if os.getpid() not in connections:
        made = psycopg.connect(os.environ["FLOOR_DATABASE_URL"], autocommit=True)
        made.execute("SELECT set_config('rapport.workspace_id', '1', false)")
        connections[os.getpid()] = made
    return connections[os.getpid()]


@app.post("/card")
def card() -> Response:
    event = orjson.loads(request.get_data())
    id_token.verify_token(
        request.headers["Authorization"].removeprefix("Bearer "),
        keys,
        audience=os.environ["FLOOR_AUDIENCE"],
        certs_url=keys.url,
    )
    row = connection().execute(QUERY, (event["gmail"]["messageId"],), prepare=True).fetchone()
    assert row is not None
    name, title, account, health, recent = row
    texts = [name, title, account, str(health), *(str(one[0]) for one in recent or ())]
    widgets = [{"decoratedText": {"text": one}} for one in texts]
    body = {"action": {"navigations": [{"pushCard": {"sections": [{"widgets": widgets}]}}]}}
    return Response(orjson.dumps(body), content_type="application/json")


@app.post("/log")
def log() -> Response:
    """One row with a mail's text, committed."""
    connection().execute("INSERT INTO floor_log (text) VALUES (%s)", (WORDS,), prepare=True)
    return Response(b"{}", content_type="application/json")


@app.post("/fetch")
def fetch() -> Response:
    """The mail from Gmail, and nothing done with it: what no click can do without."""
    gmail_id = orjson.loads(request.get_data())["gmail"]["messageId"]
    url = f"{os.environ['FLOOR_GMAIL']}/gmail/v1/users/me/messages/{gmail_id}?format=full"
    orjson.loads(CONNECTIONS.request("GET", url).data)
    return Response(b"{}", content_type="application/json")


@app.get("/hello")
def hello() -> Response:
    return Response(b'{"hello":"world"}', content_type="application/json")


def serve_floor() -> None:
    """Until asked to end. One thread, since a process has one connection."""
    serve(app, "127.0.0.1", int(os.environ["RAPPORT_PORT"]), Serving(threads=1))
