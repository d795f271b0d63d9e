"""Opens containers: mail signed as a whole (S/MIME), and Outlook's own format (winmail.dat).

Separate from the grammars: here their content is added to the tree, so that the same rules choose
body and files. The file itself stays, to be saved. What cannot be opened is explained in words.
"""

from backend.domain.mail.mime.cms import read_signed
from backend.domain.mail.mime.rtf import read_rich_text
from backend.domain.mail.mime.tnef import SIGNATURE, TnefFile, read_tnef
from backend.domain.mail.mime.tree import Part, clean_filename, read_tree, read_within, walk

SEALED = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime"})
_SIGNATURES = frozenset({"application/pkcs7-signature", "application/x-pkcs7-signature"})
_OUTLOOK = frozenset({"application/ms-tnef", "application/vnd.ms-tnef"})
_PGP = "application/pgp-encrypted"
INSIDE = "~"
"""Separates the two halves of the number of a part inside a file: the file's, and the part's in it.
"""

MAX_BYTES = 32 * 1024 * 1024
MAX_SIGNATURE_BYTES = 100_000
"""Bytes of a detached signature that are read for its signer: real ones have a few thousand."""

MOST_OPENED = 5
ENCRYPTED = (
    "[This email is encrypted with {0}. Only the key of its receiver opens it: read it in a mail "
    "program that has the key, or save the file.]"
)
UNREADABLE = (
    "[The text of this email is in Outlook's own format (winmail.dat), and could not be read here. "
    "Save the file, or ask the sender to write without rich text.]"
)
REST = "[The rest of this text is in winmail.dat: save the file to read it.]"


def is_container(part: Part) -> bool:
    """Whether a part may hold a whole message, so that it is needed to read this one."""
    name = (part.filename or "").lower()
    return part.content_type in SEALED | _OUTLOOK or name == "winmail.dat"


def is_signature(part: Part) -> bool:
    """Whether a part is the detached signature of the message, so that it may name its signer."""
    return part.content_type in _SIGNATURES and part.size <= MAX_SIGNATURE_BYTES


def open_containers(root: Part) -> None:
    """Adds the content of such files to the tree, beside the file itself, and names the signers."""
    parts = list(walk(root))
    for part in list(filter(is_signature, parts))[:MOST_OPENED]:
        part.filename = _name(part, "p7s")
    waiting = [part for part in parts if is_container(part) and not part.children]
    for part in waiting[:MOST_OPENED]:
        found = parts_inside(part.data or b"", part)
        if not found:
            continue
        file = Part(
            fields=part.fields,
            content_type=part.content_type,
            params=part.params,
            disposition="attachment",
            filename=_name(part, "p7m") if part.content_type in SEALED else part.filename,
            part_id=part.part_id,
            data=part.data,
            size=part.size,
        )
        part.content_type, part.disposition, part.filename, part.data = (
            "multipart/mixed",
            "",
            None,
            None,
        )
        part.children = [*found, file]


def parts_inside(data: bytes, file: Part) -> list[Part]:
    """The parts in the content of such a file, with numbers of their own."""
    prefix = f"{file.part_id}{INSIDE}"
    if len(data) > MAX_BYTES:
        return []
    if data.startswith(SIGNATURE):
        return _of_outlook(data, prefix)
    signed = read_signed(data)
    return [read_within(signed.content, prefix)] if signed and signed.content else []


def file_inside(data: bytes, part_id: str) -> bytes | None:
    """The bytes of one file inside another, by its number; None when it is not there."""
    outer = Part([], "", {}, part_id=part_id.partition(INSIDE)[0])
    for found in parts_inside(data, outer):
        for part in walk(found):
            if part.part_id == part_id and not part.children:
                return part.data
    return None


def file_of(raw: bytes, part_id: str) -> bytes | None:
    """The bytes of one file of a message, by its number; None when it is not there."""
    root, _ = read_tree(raw)
    for part in walk(root):
        if part.part_id == part_id and not part.children:
            return part.data
    return None


def words_for_unread(root: Part) -> str:
    """Why a message has no text, when the text is in a file that was not opened; else empty."""
    for part in walk(root):
        if part.content_type in SEALED:
            return ENCRYPTED.format("S/MIME")
        if part.content_type == _PGP:
            return ENCRYPTED.format("PGP")
        if is_container(part):
            return UNREADABLE
    return ""


def _name(part: Part, ending: str) -> str | None:
    """The claimed signers, as the name of the file."""
    signed = read_signed((part.data or b"")[:MAX_BYTES])
    if signed is None or not signed.signers:
        return part.filename
    return clean_filename(f"smime, signed by {' and '.join(signed.signers)}.{ending}", 120)


def _of_outlook(data: bytes, prefix: str) -> list[Part]:
    found = read_tnef(data)
    if found is None:
        return []
    parts = [_file(file, f"{prefix}.{index}") for index, file in enumerate(found.files)]
    if found.html.strip():
        parts.insert(0, _text(found.html, "text/html", {}))
        return parts
    rich = None if found.text.strip() else read_rich_text(found.rich)
    text = rich.text if rich else found.text
    if rich and not rich.is_whole:
        text += f"<p>{REST}</p>" if rich.is_html else f"\n\n{REST}"
    if text.strip():
        kind = "text/html" if rich and rich.is_html else "text/plain"
        parts.insert(0, _text(text.encode("utf-8", "replace"), kind, {"charset": "utf-8"}))
    return parts


def _text(data: bytes, kind: str, params: dict[str, str]) -> Part:
    return Part([], kind, params, data=data, size=len(data))


def _file(file: TnefFile, part_id: str) -> Part:
    name = clean_filename(file.name) or "Unnamed file"
    return Part(
        fields=[],
        content_type=file.content_type.lower() or "application/octet-stream",
        params={},
        disposition="attachment",
        filename=name,
        part_id=part_id,
        data=file.data,
        size=len(file.data),
    )
