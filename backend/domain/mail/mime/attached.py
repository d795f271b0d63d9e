"""Lists the files of a message: attached messages by their subject, with the files inside.

Separate from choosing the body. An attached message stays one file; the files in it are listed as
well, so that they can be found, and opened by their own number.
"""

from backend.domain.mail.message import AttachmentInfo
from backend.domain.mail.mime.fields import read_header_block
from backend.domain.mail.mime.tree import Part, clean_filename, read_inside
from backend.domain.mail.mime.words import decode_words

_MAILS = frozenset({"message/rfc822", "message/global"})
_EVENT = "invite.ics"
MOST_LOOKED_INTO = 5
MOST_NAMED = 50
MAX_HEAD = 64 * 1024
MAX_NAME = 120


def listed(parts: list[tuple[Part, bool]], *, report: bool) -> list[AttachmentInfo]:
    """The parts as files, each with whether it belongs to the layout. In a report, the files of the
    returned message are left out.
    """
    found = [info(part, related=related) for part, related in parts]
    mails = [part for part, _ in parts if part.content_type in _MAILS]
    for mail in [] if report else mails[:MOST_LOOKED_INTO]:
        named = [part for part in read_inside(mail) if part.filename and not part.children]
        found += [info(part, related=False) for part in named[:MOST_NAMED]]
    return found


def info(part: Part, *, related: bool) -> AttachmentInfo:
    """One part as a file."""
    content_id = part.first("content-id").strip().strip("<>").strip()[:998] or None
    return AttachmentInfo(
        filename=part.filename or _given_name(part),
        content_type=part.content_type,
        size=part.size,
        content_id=content_id,
        inline=part.disposition == "inline" or (related and part.disposition != "attachment"),
        part_id=part.part_id,
    )


def _given_name(part: Part) -> str | None:
    """A name for an unnamed part of a known kind."""
    if part.content_type == "text/calendar":
        return _EVENT
    if part.content_type not in _MAILS:
        return None
    fields = read_header_block((part.data or b"")[:MAX_HEAD]).fields
    subject = next((value for name, value in fields if name == "subject"), "")
    shown = clean_filename(decode_words(subject).replace("/", "-").replace("\\", "-"), MAX_NAME)
    return f"{shown or 'Attached email'}.eml"
