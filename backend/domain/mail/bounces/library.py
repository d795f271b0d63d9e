"""The last layer: formats that only flufl.bounce knows, tried when a report names no recipient to
us.

flufl.bounce (GNU Mailman's detectors) reads whole messages and guesses boldly: in 8 of 305 files
that are no bounces it found "recipients". After our own layers it adds addresses that none of our
patterns would find, such as AOL's screen names without a domain.
"""

from email.message import Message

from flufl.bounce import scan_message

from backend.domain.mail.address import is_valid_address
from backend.domain.mail.message import ParsedMessage

MAX_CHARS = 8_000
"""Characters passed to the library. Its patterns are not known to be linear."""


def recipients_by_library(message: ParsedMessage) -> tuple[str, ...]:
    """Failed recipients that the library finds in sender, subject and text; often none."""
    found = scan_message(_rebuilt(message))
    told = sorted(one.decode("utf-8", "replace") for one in found)
    return tuple(one for one in told if is_valid_address(one))


def _rebuilt(message: ParsedMessage) -> Message:
    """A plain message of the standard library. Some detectors fail without a sender."""
    rebuilt = Message()
    rebuilt["From"] = message.sender.address if message.sender else "mailer-daemon"
    rebuilt["Subject"] = message.subject[:MAX_CHARS]
    rebuilt.set_payload(message.text[:MAX_CHARS].encode("utf-8", "replace"), "utf-8")
    return rebuilt
