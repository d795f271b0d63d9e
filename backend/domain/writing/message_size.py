"""Whether a message is small enough to leave, checked before it is queued (D-27, H-21).

Two limits hold: the files as they are, and the whole message as it travels, where base64 makes
files a third larger. From 18 MB of files on, a receiver that takes 25 MB refuses the encoded mail.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from backend.domain.reasons import Reason, sentence

MB = 1024 * 1024
MAX_ENCODED = 35 * MB  # upload limit of the Gmail API, in bytes
WARN_FROM = 18 * MB  # bytes of files
BASE64_LINE = 76  # characters before each CRLF
TEXT_ALLOWANCE = 64 * 1024  # bytes for headers and part boundaries


@dataclass(frozen=True)
class Fits:
    """It can leave, and most receivers take it."""


@dataclass(frozen=True)
class MayBounce:
    """It can leave, but the form should warn."""

    sentence: str


@dataclass(frozen=True)
class TooLarge:
    """It cannot leave."""

    reason: Reason
    sentence: str


def check_size(
    files: Sequence[int], *, text: int = 0, max_files_mb: int = 25, max_encoded: int = MAX_ENCODED
) -> Fits | MayBounce | TooLarge:
    """Whether a message with files of these sizes and `text` bytes of body can leave, all in bytes.

    `max_encoded` is the Gmail API's limit, or the SIZE that an SMTP server announced.

    >>> check_size([26 * MB]).sentence
    'Too large to send: the limit is 25 MB of attachments. Remove or share attachments.'
    >>> check_size([5 * MB])
    Fits()
    """
    total = sum(files)
    if total > max_files_mb * MB:
        return _too_large(f"{max_files_mb} MB of attachments")
    if encoded_size(files, text=text) > max_encoded:
        return _too_large(f"{max_encoded // MB} MB for the whole message as it travels")
    if total >= WARN_FROM:
        return MayBounce(
            f"The attachments have {total // MB} MB. Many receivers refuse messages of more than "
            f"{WARN_FROM // MB} MB; a link to the files is safer."
        )
    return Fits()


def encoded_size(files: Sequence[int], *, text: int = 0) -> int:
    """About how many bytes the message has as it travels, never too few."""
    return sum(map(_base64, files)) + _base64(text) + TEXT_ALLOWANCE


def _base64(size: int) -> int:
    characters = (size + 2) // 3 * 4
    return characters + (characters // BASE64_LINE + 1) * 2


def _too_large(limit: str) -> TooLarge:
    return TooLarge(Reason.TOO_LARGE_TO_SEND, sentence(Reason.TOO_LARGE_TO_SEND, limit=limit))
