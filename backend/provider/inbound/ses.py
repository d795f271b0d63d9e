"""Amazon SES: a receipt rule with the SNS action, whose topic posts here.

https://docs.aws.amazon.com/ses/latest/dg/receiving-email-notifications-contents.html
https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html
"""

import base64
import re
from collections.abc import Callable, Mapping
from datetime import datetime

import orjson
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509 import load_pem_x509_certificate

from backend.domain.capture.sender_proof import Passes
from backend.domain.mail.address import domain_of
from backend.errors import AuthenticationFailed, InputError
from backend.provider.inbound.delivered import Delivered, Post, require_recent

CERTIFICATE = re.compile(
    r"https://sns\.[a-z0-9-]{3,30}\.amazonaws\.com(\.cn)?/SimpleNotificationService-[0-9a-f]{32}\.pem"
)
SUBSCRIBE = re.compile(r"https://sns\.[a-z0-9-]{3,30}\.amazonaws\.com(\.cn)?/\?[!-~]{1,2000}")
SIGNED = {
    "Notification": ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"),
    "SubscriptionConfirmation": (
        *("Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"),
    ),
}
Fetch = Callable[[str], bytes]
NO_CONTENT = (
    "This notification has no message in it. Use the rule's SNS action: with S3 Rapport can't read "
    "the message."
)


def read(post: Post, key: str, fetch: Fetch) -> Delivered | None:
    """The mail; None for a subscription, which is confirmed. `key` is the topic's ARN, and `fetch`
    gets a page of Amazon's. Raises AuthenticationFailed or InputError.
    """
    try:
        told = orjson.loads(post.body)
        fields = {str(name): str(value) for name, value in told.items()}
    except (AttributeError, ValueError) as error:
        raise InputError("This is no message of Amazon SNS.") from error
    verify(fields, key, fetch, post.now)
    if fields["Type"] == "SubscriptionConfirmation":
        if not SUBSCRIBE.fullmatch(fields["SubscribeURL"]):
            raise AuthenticationFailed("The address to confirm is not Amazon's.")
        fetch(fields["SubscribeURL"])
        return None
    return _mail(fields["Message"])


def verify(fields: Mapping[str, str], topic: str, fetch: Fetch, now: datetime) -> None:
    """Raises AuthenticationFailed unless Amazon signed it for this topic, lately."""
    names = SIGNED.get(fields.get("Type", ""))
    if names is None or fields.get("SignatureVersion") != "2" or fields.get("TopicArn") != topic:
        raise AuthenticationFailed("Only the configured topic with SignatureVersion 2 is accepted.")
    if not CERTIFICATE.fullmatch(fields.get("SigningCertURL", "")):
        raise AuthenticationFailed("The certificate's address is not Amazon's.")
    text = "".join(f"{name}\n{fields[name]}\n" for name in names if name in fields)
    try:
        key = load_pem_x509_certificate(fetch(fields["SigningCertURL"])).public_key()
        if not isinstance(key, RSAPublicKey):
            raise AuthenticationFailed("Amazon's certificate is of another kind.")
        signature = base64.b64decode(fields.get("Signature", ""), validate=True)
        key.verify(signature, text.encode(), PKCS1v15(), SHA256())
        signed_at = datetime.fromisoformat(fields.get("Timestamp", ""))
        require_recent(signed_at, now)
    except (ValueError, TypeError, InvalidSignature) as error:
        raise AuthenticationFailed("Amazon's signature is wrong.") from error


def _mail(message: str) -> Delivered:
    try:
        told = orjson.loads(message)
        receipt, mail, content = told["receipt"], told["mail"], told["content"]
        recipients = [str(one) for one in receipt["recipients"]]
        encoded = receipt["action"].get("encoding") == "BASE64"
        raw = base64.b64decode(content) if encoded else str(content).encode()
        source, identity = str(mail["source"]), str(mail["messageId"])
        senders = [domain_of(str(one).rstrip("> ")) for one in mail["commonHeaders"]["from"]]
        passed = {
            name
            for name in ("spf", "dmarc")
            if receipt.get(f"{name}Verdict", {}).get("status") == "PASS"
        }
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise InputError(NO_CONTENT) from error
    return Delivered(
        raw=raw,
        recipients=recipients,
        mail_from=source,
        provider_id=identity,
        passes=Passes(
            spf=frozenset({domain_of(source)} if "spf" in passed else ()),
            dmarc=frozenset(senders if "dmarc" in passed and len(senders) == 1 else ()),
        ),
    )
