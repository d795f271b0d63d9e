"""Steering by mail: hand in a mail from outside, count what was really sent, see who is who."""

import base64
import binascii
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from email.utils import parseaddr, parsedate_to_datetime

from flask import Blueprint, Response, jsonify, request

from backend.simulator.clock import epoch_ms, from_epoch_ms
from backend.simulator.control import ControlError, Json, body_of_request, world_of_request
from backend.simulator.mail import raw_headers, sendas
from backend.simulator.mail.composing import File, Letter, composed
from backend.simulator.mail.ids import hex_id, next_serial
from backend.simulator.mail.mailbox import Filed
from backend.simulator.mail.postman import Arrival, RefusedMailError, recipients_of
from backend.simulator.mail.raw_headers import RawMail
from backend.simulator.seed.company import described
from backend.simulator.world import World

blueprint = Blueprint("control_mail", __name__, url_prefix="/simulator")


@blueprint.errorhandler(ControlError)
@blueprint.errorhandler(RefusedMailError)
def refuse(error: ValueError) -> tuple[Response, int]:
    return jsonify({"error": str(error)}), 400


@blueprint.post("/mail")
def deliver() -> Response:
    """Mail as if from outside: {to, from, subject, text, html, cc, bcc, in_reply_to, date,
    headers, labels, attachments, proven} or {raw_base64, to, proven}. Answers the copies it became.
    `proven` false: the product's mail server can't verify the sender.
    """
    world, body = world_of_request(), body_of_request()
    at = _moment(body.get("date"), world)
    raw = _raw(body, world, at)
    mail = raw_headers.parse(raw)
    recipients = _recipients(body, mail)
    labels = _strings(body, "labels") if "labels" in body else None
    arrival = Arrival(
        mail.without("bcc").as_bytes(),
        recipients,
        epoch_ms(at),
        labels,
        body.get("proven") is not False,
    )
    with world.store.write() as db:
        copies = world.postman.arrive(db, arrival)
    message_id = mail.first("message-id").strip("<>")
    return jsonify({"message_id": message_id, "copies": [_copy(one) for one in copies]})


@blueprint.post("/send-as")
def set_send_as() -> Response:
    """{"email", "address", "status": "accepted"|"pending"|""}: what “Send mail as” of that mailbox
    says of the address; an empty status deletes it.
    """
    body, world = body_of_request(), world_of_request()
    mailbox, address = str(body.get("email", "")).lower(), str(body.get("address", ""))
    status = str(body.get("status", "accepted"))
    with world.store.write() as db:
        if status:
            one: Json = {"sendAsEmail": address, "displayName": "", "verificationStatus": status}
            sendas.store(db, mailbox, one)
        else:
            sendas.drop(db, mailbox, address)
        return jsonify({"sendAs": sendas.listed(db, mailbox)})


@blueprint.get("/deliveries")
def deliveries() -> Response:
    """Accepted sends, all or those with one X-Rapport-Send-Id: the truth for kill tests."""
    wanted = request.args.get("send_id")
    with world_of_request().store.read() as db:
        rows = db.execute(
            "SELECT * FROM accepted_send WHERE ?1 IS NULL OR send_id = ?1 ORDER BY serial",
            (wanted,),
        ).fetchall()
    sends = [
        {
            "send_id": row["send_id"],
            "mailbox": row["mailbox"],
            "id": hex_id(row["message"]),
            "message_id": row["rfc_id"],
            "recipients": json.loads(row["recipients"]),
            "sent_at": from_epoch_ms(row["sent_at"]).isoformat(),
        }
        for row in rows
    ]
    return jsonify({"count": len(sends), "sends": sends})


@blueprint.get("/relay")
def relay_state() -> Response:
    """How much mail for the product's own domain was not taken by LMTP yet."""
    return jsonify({"waiting": world_of_request().relay.waiting()})


@blueprint.get("/loading")
def loading() -> Response:
    """How far the mail archives of the command line have been loaded."""
    return jsonify(world_of_request().loader.progress())


@blueprint.get("/company")
def company() -> Response:
    """The seeded company, for the product's own seed."""
    return jsonify(described())


def _raw(body: Json, world: World, at: datetime) -> bytes:
    given = body.get("raw_base64")
    if given is None:
        return composed(_letter(body, world, at))
    try:
        return base64.b64decode(str(given).replace("-", "+").replace("_", "/") + "==")
    except binascii.Error as error:
        raise ControlError("raw_base64 is the whole mail in base64.") from error


def _letter(body: Json, world: World, at: datetime) -> Letter:
    sender = str(body.get("from", "Stranger <stranger@outside.example>"))
    domain = parseaddr(sender)[1].rpartition("@")[2] or "outside.example"
    with world.store.write() as db:
        serial = next_serial(db, "outside")
    answered = _strings(body, "in_reply_to")
    headers = body.get("headers", {})
    if not isinstance(headers, dict):
        raise ControlError("headers is an object of names and values.")
    written = {str(name): str(value) for name, value in headers.items()}
    own_id = written.pop("Message-ID", f"out.{serial}.{epoch_ms(at):x}@mail.{domain}")
    return Letter(
        sender=sender,
        to=_strings(body, "to"),
        cc=_strings(body, "cc"),
        bcc=_strings(body, "bcc"),
        subject=str(body.get("subject", "")),
        text=str(body.get("text", "")),
        html=str(body.get("html", "")),
        files=_files(body),
        date=at,
        message_id=own_id.strip("<>"),
        cites=[one.strip("<>") for one in answered],
        headers=tuple(written.items()),
    )


def _recipients(body: Json, mail: RawMail) -> list[str]:
    """Those named, else those the mail names itself."""
    named = [one for name in ("to", "cc", "bcc") for one in _strings(body, name)]
    addresses = [parseaddr(one)[1].lower() for one in named]
    return list(dict.fromkeys(filter(None, addresses))) or recipients_of(mail)


def _files(body: Json) -> Sequence[File]:
    """[{"filename", "mime_type", "content_base64"}]"""
    given = body.get("attachments", [])
    if not isinstance(given, list) or not all(isinstance(one, dict) for one in given):
        raise ControlError("attachments is a list of objects.")
    return [
        File(
            str(one.get("filename", "file.bin")),
            str(one.get("mime_type", "application/octet-stream")),
            base64.b64decode(str(one.get("content_base64", ""))),
        )
        for one in given
    ]


def _strings(body: Json, name: str) -> list[str]:
    """A list; one string counts as a list of one."""
    value = body.get(name, [])
    if isinstance(value, str):
        return [value] if value else []
    if not isinstance(value, list):
        raise ControlError(f"{name} is a string or a list of strings.")
    return [str(one) for one in value]


def _moment(value: object, world: World) -> datetime:
    """ISO 8601 or RFC 5322; now when left out."""
    if value is None:
        return world.clock.now()
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            moment = read(str(value))
        except ValueError:
            continue
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    raise ControlError("date is a moment such as 2026-11-22T09:30:00+00:00.")


def _copy(filed: Filed) -> Json:
    return {"mailbox": filed.mailbox, "id": hex_id(filed.id), "threadId": hex_id(filed.thread)}
