"""Postmark's inbound webhook, with "Include raw email content" switched on.

https://postmarkapp.com/developer/webhooks/inbound-webhook
"""

import base64
import binascii
import hmac

import orjson

from backend.errors import AuthenticationFailed, InputError
from backend.provider.inbound.delivered import Delivered, Post

WITHOUT_RAW = "Switch on “Include raw email content in JSON payload” for this stream in Postmark."


def read(post: Post, key: str) -> Delivered:
    """The mail. `key` is user:password of the hook's address. Raises AuthenticationFailed or
    InputError.
    """
    scheme, _, given = post.headers.get("authorization", "").partition(" ")
    try:
        written = base64.b64decode(given, validate=True)
    except binascii.Error:
        written = b""
    if scheme.lower() != "basic" or not hmac.compare_digest(written, key.encode()):
        raise AuthenticationFailed("User or password of the hook is wrong.")
    try:
        told = orjson.loads(post.body)
        raw, recipient = told["RawEmail"], told["OriginalRecipient"]
        path = [one["Value"] for one in told["Headers"] if one["Name"].lower() == "return-path"]
        identity = str(told["MessageID"])
    except (KeyError, TypeError, ValueError) as error:
        raise InputError(WITHOUT_RAW) from error
    return Delivered(
        raw=str(raw).encode(),
        recipients=[str(recipient)],
        mail_from=str(path[0]).strip("<> ") if path else "",
        provider_id=identity,
    )
