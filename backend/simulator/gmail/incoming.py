"""Mail handed to Gmail: send, insert, import, and the bytes they all take."""

import base64
import binascii
from email.utils import parsedate_to_datetime

from backend.simulator.clock import epoch_ms
from backend.simulator.faults import FaultKind, Occasion
from backend.simulator.gmail.call import Json
from backend.simulator.gmail.context import Context
from backend.simulator.gmail.errors import ApiError, bad_request, not_found
from backend.simulator.gmail.messages import known_labels
from backend.simulator.gmail.sending_limit import check_sending_limit
from backend.simulator.gmail.views import brief
from backend.simulator.mail import ids, threading
from backend.simulator.mail.digest import Digest, digest
from backend.simulator.mail.mailbox import Change, Filing
from backend.simulator.mail.postman import RefusedMailError, Sending
from backend.simulator.mail.raw_headers import parse

LARGEST_MAIL = 36_700_160  # 35 MiB, the maxSize of Google's discovery document
LARGEST_JSON = 5 * 1024 * 1024


def send(context: Context) -> Json:
    """Accept a mail for delivery. Answers the thread it really went to."""
    return send_raw(context, raw_of_request(context, context.body), context.body)


def send_raw(context: Context, raw: bytes, body: Json) -> Json:
    check_sending_limit(context)
    thread = requested_thread(context, body)
    fault = context.world.faults.take([FaultKind.SENT_VIA_LABELS], Occasion(user=context.mailbox))
    recorded = Change.LABELLED if fault else Change.ADDED
    sending = Sending(context.mailbox, raw, context.world.clock.now_ms(), thread, recorded)
    try:
        filed = context.world.postman.send(context.db, sending)
    except RefusedMailError as error:
        raise bad_request(str(error)) from error
    return brief(filed)


def insert(context: Context) -> Json:
    """File a mail as it is, without classification. Its time is now unless asked otherwise."""
    return _file(context, by_header=context.text("internalDateSource") == "dateHeader")


def import_(context: Context) -> Json:
    """File a mail as if it had just been received; its own date counts unless asked otherwise."""
    return _file(context, by_header=context.text("internalDateSource") != "receivedTime")


def raw_of_request(context: Context, body: Json) -> bytes:
    """The mail itself: uploaded, or base64url in `raw`, with or without padding."""
    if context.media is not None:
        return _checked_size(context.media, LARGEST_MAIL)
    written = body.get("raw")
    if not isinstance(written, str) or not written:
        raise bad_request(
            "'raw' RFC822 payload message string or uploading message via /upload/* URL required"
        )
    if len(written) > LARGEST_JSON:
        raise ApiError(413, "Request Entity Too Large", "uploadTooLarge")
    try:
        padded = written.rstrip("=") + "=" * (-len(written.rstrip("=")) % 4)
        return base64.b64decode(padded.replace("-", "+").replace("_", "/"), validate=True)
    except binascii.Error as error:
        message = "Invalid value at 'message.raw' (TYPE_BYTES), Base64 decoding failed"
        raise bad_request(message) from error


def requested_thread(context: Context, body: Json) -> int | None:
    """The thread asked for, which must be one of this mailbox."""
    written = body.get("threadId")
    if not written:
        return None
    try:
        thread = ids.parse_id(str(written))
    except ids.UnknownIdError as error:
        raise bad_request("Invalid thread_id value") from error
    if not threading.exists(context.db, context.mailbox, thread):
        raise not_found()
    return thread


def _file(context: Context, *, by_header: bool) -> Json:
    raw = raw_of_request(context, context.body)
    seen = digest(raw)
    labels = context.strings("labelIds")
    unknown = [label for label in labels if label not in known_labels(context)]
    if unknown:
        raise bad_request(f"Invalid label: {unknown[0]}")
    now = context.world.clock.now_ms()
    date = _header_date(raw, now) if by_header else now
    thread = _thread_of(context, seen)
    filing = Filing(context.mailbox, labels, date, now, thread)
    filed = context.world.mailroom.file(context.db, raw, seen, filing)
    return brief(filed)


def _thread_of(context: Context, seen: Digest) -> int | None:
    asked = requested_thread(context, context.body)
    if asked is None:
        return threading.thread_for(context.db, context.mailbox, seen)
    fits = threading.fits(context.db, context.mailbox, seen, thread=asked)
    return asked if fits else None


def _header_date(raw: bytes, otherwise: int) -> int:
    try:
        return epoch_ms(parsedate_to_datetime(parse(raw).first("date")))
    except (ValueError, OverflowError):
        return otherwise


def _checked_size(raw: bytes, most: int) -> bytes:
    if len(raw) > most:
        raise ApiError(413, "Request Too Large", "uploadTooLarge")
    if not raw:
        raise bad_request("Media upload is empty")
    return raw
