"""A Mailgun route that forwards to an address ending in `mime`.

https://documentation.mailgun.com/docs/mailgun/user-manual/receive-forward-store
"""

import hashlib
import hmac
from datetime import UTC, datetime

from backend.errors import AuthenticationFailed, InputError
from backend.provider.inbound.delivered import Delivered, Post, require_recent

WITHOUT_RAW = "The route's address must end in /mime, so that Mailgun posts the raw message."


def read(post: Post, key: str) -> Delivered:
    """The mail. `key` signs timestamp and token, but not the message: the token identifies it.
    Raises AuthenticationFailed or InputError.
    """
    timestamp, token = post.last("timestamp"), post.last("token")
    expected = hmac.new(key.encode(), f"{timestamp}{token}".encode(), hashlib.sha256).hexdigest()
    given = post.last("signature")
    if not token or not hmac.compare_digest(expected.encode(), given.encode()):
        raise AuthenticationFailed("Mailgun's signature is wrong.")
    try:
        signed_at = datetime.fromtimestamp(int(timestamp), UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise AuthenticationFailed("Mailgun's signature has no time.") from error
    require_recent(signed_at, post.now)
    raw, recipient = post.last_bytes("body-mime"), post.last("recipient")
    if not raw or not recipient:
        raise InputError(WITHOUT_RAW)
    return Delivered(
        raw=raw,
        recipients=[one.strip() for one in recipient.split(",")],
        mail_from=post.last("sender"),
        provider_id=token,
    )
