"""Files on a mail as a person chose them: what a name says of its type, and how sizes are said.

Separate from `message_size`, which decides whether they fit. The type comes from the name alone:
what a browser claims is not trusted, and the machine's own tables would differ between servers.
"""

import re
from mimetypes import MimeTypes

MOST_FILES = 25
"""Files of one mail; more of them are better sent as an archive."""

OPAQUE = "application/octet-stream"
COMPRESSED = {"gzip": "application/gzip", "bzip2": "application/x-bzip2", "xz": "application/x-xz"}
TYPES = MimeTypes(filenames=())
for ending, kind in (
    (".docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    (".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    (".pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
):
    TYPES.add_type(kind, ending)

SHOWN = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp", "text/plain"})
"""What a browser may show by itself: pictures and plain text run nothing."""

ACTIVE = re.compile(r"html|script|svg|flash|xml")
KB = 1024


def content_type(name: str) -> str:
    """The media type that the ending of a file's name stands for.

    >>> content_type("Offer.PDF"), content_type("logs.tar.gz"), content_type("notes")
    ('application/pdf', 'application/gzip', 'application/octet-stream')
    """
    kind, encoding = TYPES.guess_type(name.rpartition("/")[2])
    if encoding is not None:
        return COMPRESSED.get(encoding, OPAQUE)
    return kind or OPAQUE


def harmless_type(name: str) -> str:
    """The type under which a stranger's file is handed out. What a browser would run is opaque.

    >>> harmless_type("offer.pdf"), harmless_type("a.html"), harmless_type("logo.svg")
    ('application/pdf', 'application/octet-stream', 'application/octet-stream')
    """
    kind = content_type(name)
    return OPAQUE if ACTIVE.search(kind.replace("vnd.openxmlformats", "")) else kind


def size_in_words(size: int) -> str:
    """Bytes as people read them.

    >>> size_in_words(900), size_in_words(45_000), size_in_words(3_400_000)
    ('900 bytes', '44 KB', '3.2 MB')
    """
    if size < KB:
        return f"{size} bytes"
    if size < KB * KB:
        return f"{round(size / KB)} KB"
    return f"{size / KB / KB:.1f} MB"


_SEALED = "S/MIME: signed or encrypted mail, not checked here"
_WHAT = {
    "application/pkcs7-mime": _SEALED,
    "application/x-pkcs7-mime": _SEALED,
    "application/pkcs7-signature": "S/MIME signature, not checked here",
    "application/x-pkcs7-signature": "S/MIME signature, not checked here",
    "application/pgp-signature": "PGP signature, not checked here",
    "application/pgp-encrypted": "PGP: encrypted mail, which opens with its receiver's key",
    "application/ms-tnef": "Outlook's own format, with text and files in it",
    "application/vnd.ms-tnef": "Outlook's own format, with text and files in it",
    "message/rfc822": "Attached email",
    "text/calendar": "Calendar event",
}


_UNNAMED = {
    "message/delivery-status": "Delivery report.txt",
    "message/global-delivery-status": "Delivery report.txt",
    "text/rfc822-headers": "Headers of the returned email.txt",
    "message/feedback-report": "Complaint report.txt",
    "message/disposition-notification": "Read receipt.txt",
}


def name_of(filename: str | None, content_type: str) -> str:
    """The name of a received file; for one without a name, what it is.

    >>> name_of("", "message/delivery-status"), name_of(None, "image/png")
    ('Delivery report.txt', 'Unnamed file')
    """
    return filename or _UNNAMED.get(content_type.lower(), "Unnamed file")


def what_it_is(content_type: str, name: str) -> str:
    """What a file is that no program of its reader may know; empty for all others.

    >>> what_it_is("application/octet-stream", "winmail.dat")
    "Outlook's own format, with text and files in it"
    """
    if name.lower() == "winmail.dat":
        content_type = "application/ms-tnef"
    return _WHAT.get(content_type.lower(), "")
