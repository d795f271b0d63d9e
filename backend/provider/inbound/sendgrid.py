"""SendGrid's Inbound Parse, with "POST the raw, full MIME message" and a security policy.

https://www.twilio.com/docs/sendgrid/for-developers/parsing-email/securing-your-parse-webhooks
"""

import base64
import re
from datetime import UTC, datetime

import orjson
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key

from backend.domain.capture.sender_proof import Passes
from backend.domain.mail.address import domain_of
from backend.errors import AuthenticationFailed, ConfigurationError, InputError
from backend.provider.inbound.delivered import Delivered, Post, require_recent

SIGNATURE = "x-twilio-email-event-webhook-signature"
TIMESTAMP = "x-twilio-email-event-webhook-timestamp"
DKIM = re.compile(r"@([a-z0-9.-]{1,253}) : pass", re.IGNORECASE)
WITHOUT_RAW = "Switch on “POST the raw, full MIME message” for this host in SendGrid."
WRONG = "SendGrid's signature is wrong."


def read(post: Post, key: str) -> Delivered:
    """The mail. `key` is the security policy's public key. Raises AuthenticationFailed or
    InputError.
    """
    timestamp = post.headers.get(TIMESTAMP, "")
    try:
        signature = base64.b64decode(post.headers.get(SIGNATURE, ""), validate=True)
        public_key(key).verify(signature, timestamp.encode() + post.body, ECDSA(SHA256()))
        signed_at = datetime.fromtimestamp(int(timestamp), UTC)
    except (ValueError, OverflowError, OSError, InvalidSignature) as error:
        raise AuthenticationFailed(WRONG) from error
    require_recent(signed_at, post.now)
    try:
        envelope = orjson.loads(post.last("envelope"))
        recipients, mail_from = [str(one) for one in envelope["to"]], str(envelope["from"])
    except (KeyError, TypeError, ValueError) as error:
        raise InputError(WITHOUT_RAW) from error
    raw = post.last_bytes("email")
    if not raw:
        raise InputError(WITHOUT_RAW)
    passed = post.last("SPF").lower() == "pass"
    return Delivered(
        raw=raw,
        recipients=recipients,
        mail_from=mail_from,
        provider_id=None,
        client=post.last("sender_ip") or None,
        passes=Passes(
            dkim=frozenset(one.lower() for one in DKIM.findall(post.last("dkim"))),
            spf=frozenset({domain_of(mail_from)}) if passed else frozenset(),
        ),
    )


def public_key(written: str) -> EllipticCurvePublicKey:
    """The key as SendGrid shows it. Raises ConfigurationError."""
    try:
        key = load_der_public_key(base64.b64decode(written, validate=True))
    except ValueError as error:
        raise ConfigurationError("SendGrid's public key can't be read.") from error
    if not isinstance(key, EllipticCurvePublicKey):
        raise ConfigurationError("SendGrid's public key is of another kind.")
    return key
