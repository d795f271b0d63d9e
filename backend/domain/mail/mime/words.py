"""RFC 2047 encoded words to text, as real mail has them.

Header text, display names and file names share it. Adjacent words are joined as bytes before
decoding: many senders cut a character in two. Linear in the length of the header.
"""

import base64
import binascii
import re

from backend.domain.mail.mime.charsets import codec_for, decode_bytes

# Base64 never holds "?"; quoted text may, when the sender forgot to encode it. The bound keeps a
# header of broken words linear: a word has at most 75 characters (RFC 2047 §2).
_WORD = re.compile(
    r"=\?([^\s?\x00-\x20]{1,60})\?([bBqQ])\?([^?]*+(?:\?(?!=)[^?]*+){0,75}+)\?=", re.ASCII
)
_BASE64_NOISE = re.compile(r"[^A-Za-z0-9+/]+")
_HEX = re.compile(rb"=([0-9A-Fa-f]{2})")


def decode_words(text: str) -> str:
    """Header text with every encoded word decoded; anything else is left as it is.

    >>> decode_words("=?utf-8?q?Gr=C3=BC?= =?utf-8?b?w59l?= aus =?x?q?K=F6ln?=")
    'Grüße aus Köln'
    """
    if "=?" not in text:
        return text
    out: list[str] = []
    pending: list[tuple[str, bytes]] = []
    end = 0
    for match in _WORD.finditer(text):
        between = text[end : match.start()]
        if between.strip() or not pending:
            out.append(_joined(pending))
            pending = []
            out.append(between)
        pending.append((match[1], _word_bytes(match[1], match[2], match[3])))
        end = match.end()
    out.append(_joined(pending))
    out.append(text[end:])
    return "".join(out)


def _joined(words: list[tuple[str, bytes]]) -> str:
    """Decodes a run of words; adjacent words of one charset are one byte string."""
    out: list[str] = []
    index = 0
    while index < len(words):
        charset, data = words[index]
        index += 1
        codec = codec_for(charset)
        while index < len(words) and codec_for(words[index][0]) == codec:
            data += words[index][1]
            index += 1
        out.append(decode_bytes(data, charset))
    return "".join(out)


def _word_bytes(charset: str, encoding: str, text: str) -> bytes:
    if encoding in "bB":
        clean = _BASE64_NOISE.sub("", text)
        clean = clean[: len(clean) - 1] if len(clean) % 4 == 1 else clean
        try:
            return base64.b64decode(clean + "=" * (-len(clean) % 4))
        except (binascii.Error, ValueError):
            return b""
    text = text.replace("_", " ")
    # Raw eight-bit characters inside a word were decoded already; encode them back to its charset.
    try:
        raw = text.encode("ascii" if text.isascii() else codec_for(charset) or "utf-8")
    except UnicodeError:
        raw = text.encode("utf-8", "replace")
    return _HEX.sub(lambda match: bytes((int(match[1], 16),)), raw)
