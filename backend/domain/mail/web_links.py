"""Resolves where a link in foreign mail leads, as a browser reads it (WHATWG URL Standard).

A displayed link must lead where it says. What a browser would repair is repaired here in the same
way and written out in full; a link that cannot be read with certainty, or is relative, is no link.
"""

import re
import unicodedata
from dataclasses import dataclass
from ipaddress import AddressValueError, IPv4Address, IPv6Address
from urllib.parse import unquote_to_bytes

import idna

MAX_CHARS = 8_000
_SCHEME = re.compile(r"(?<![a-z0-9+.-])([a-z][a-z0-9+.-]*+):", re.IGNORECASE)
_AUTHORITY = re.compile(r"[/\\]*+([^/\\?#]*+)(.*+)", re.DOTALL)
# Browsers allow a few more characters, or rewrite them; no real host has one.
_HOST = re.compile(r"[a-z0-9._-]{1,253}")
_IPV6 = re.compile(r"\[([0-9a-fA-F:.]{2,45})\]")
_PORT = re.compile(r"[0-9]{0,5}", re.ASCII)
_ENDS = "".join(map(chr, range(0x21)))
_INSIDE = str.maketrans("", "", "\t\n\r")
_DEFAULT_PORTS = {"http": 80, "https": 443}
# What looks like a host in text, in any script.
NAMED_HOST = re.compile(r"(?<![\w.-])(?:[\w-]{1,63}\.){1,10}[^\W\d_]{2,24}(?![\w-])")
# Letters that nobody confuses with basic ones: the small letters of European languages, without the
# dotless i and the k that looks like a capital.
_PLAIN = frozenset(map(chr, range(0xDF, 0x180))) - {"\u0131", "\u0138", "\u014b", "\u017f"}
_EASTERN = ("CJK UNIFIED", "HIRAGANA", "KATAKANA", "HANGUL SYLLABLE")


@dataclass(frozen=True, slots=True)
class Link:
    """`href` leads where `target` says: a host, an address or a number."""

    href: str
    target: str


def read_link(href: str) -> Link | None:
    r"""The link, written out in full; None when it must not be one.

    >>> read_link("https:\\\\bank.example@EVIL.example\\x").href
    'https://evil.example/x'
    >>> read_link("//evil.example"), read_link("javascript:alert(1)")
    (None, None)
    """
    text = href.strip(_ENDS).translate(_INSIDE)
    named = _SCHEME.match(text)
    if named is None or len(text) > MAX_CHARS or not text.isprintable():
        return None
    scheme, rest = named[1].lower(), text[named.end() :]
    if scheme in _DEFAULT_PORTS:
        return _web(scheme, rest)
    if scheme in ("mailto", "tel"):
        target = rest.partition("?")[0].strip()
        return Link(f"{scheme}:{rest}", target) if target else None
    return None


def shown_host(host: str) -> str:
    """A host for readers: in its own script where it cannot be confused with another.

    >>> shown_host("xn--bcher-kva.example"), shown_host("xn--80ak6aa92e.com")
    ('bücher.example', 'xn--80ak6aa92e.com')
    """
    return ".".join(map(_shown_label, host.split(".")))


def host_key(host: str) -> str:
    """The look-up key of a host, in lower case and ASCII; empty when it is no host."""
    try:
        name = unquote_to_bytes(host).decode("utf-8")
        key = name.lower() if name.isascii() else _ascii(name)
    except (UnicodeError, idna.IDNAError):
        return ""
    labels = key.split(".")
    if not _HOST.fullmatch(key) or not all(map(_is_readable, labels)):
        return ""
    last = labels[-2] if labels[-1] == "" and len(labels) > 1 else labels[-1]
    if _is_number(last):
        return _ipv4(labels)
    return key.removesuffix(".") if all(labels[:-1]) else ""


def _is_readable(label: str) -> bool:
    """Whether an encoded label is the one valid encoding of its letters; browsers refuse others."""
    if not label.startswith("xn--"):
        return True
    try:
        text = label[4:].encode("ascii").decode("punycode")
        mapped = idna.uts46_remap(text, std3_rules=False, transitional=False)
        return not text.isascii() and mapped == text and _coded(text) == label
    except (UnicodeError, idna.IDNAError):
        return False


def _coded(text: str) -> str:
    return "xn--" + text.encode("punycode").decode("ascii")


def _ascii(name: str) -> str:
    return idna.encode(name, uts46=True, transitional=False).decode("ascii").lower()


def _web(scheme: str, rest: str) -> Link | None:
    found = _AUTHORITY.match(rest)
    if found is None:
        return None
    place = found[1].rpartition("@")[2]
    host, port = _parted(place)
    if not host or not _PORT.fullmatch(port) or int(port or 0) > 65_535:
        return None
    numbered = port and int(port) != _DEFAULT_PORTS[scheme]
    where = f"{host}:{int(port)}" if numbered else host
    return Link(f"{scheme}://{where}{_path(found[2])}", shown_host(host))


def _parted(place: str) -> tuple[str, str]:
    """Host and port. The host is empty when it is invalid."""
    literal = _IPV6.match(place)
    if literal is not None:
        behind = place[literal.end() :]
        if behind and not behind.startswith(":"):
            return "", ""
        try:
            return f"[{ipv6_text(IPv6Address(literal[1]))}]", behind[1:]
        except AddressValueError:
            return "", ""
    host, _, port = place.partition(":")
    return host_key(host), port


def ipv6_text(address: IPv6Address) -> str:
    """The address as the URL Standard serialises it: groups in hex, never a dotted IPv4 part, which
    Python writes from 3.13 on.
    """
    groups = [f"{int.from_bytes(address.packed[at : at + 2]):x}" for at in range(0, 16, 2)]
    start, length = 0, 0
    for at in range(8):
        zeros = next((n for n, group in enumerate(groups[at:]) if group != "0"), 8 - at)
        if zeros > max(length, 1):
            start, length = at, zeros
    if not length:
        return ":".join(groups)
    return f"{':'.join(groups[:start])}::{':'.join(groups[start + length :])}"


def _path(rest: str) -> str:
    """The part after the host. A backslash is a slash there, and nowhere else."""
    ends = min((at for at in (rest.find("?"), rest.find("#")) if at >= 0), default=len(rest))
    path = rest[:ends].replace("\\", "/")
    return (path if path.startswith("/") else f"/{path}") + rest[ends:].replace(" ", "%20")


def _is_number(label: str) -> bool:
    return (label.isdecimal() and label.isascii()) or _number(label) is not None


def _number(label: str) -> int | None:
    """A number in an address: decimal, octal after 0, hexadecimal after 0x."""
    base = 16 if label.startswith("0x") else 8 if label.startswith("0") and len(label) > 1 else 10
    digits = label[2:] if base == 16 else label
    if base == 16 and not digits:
        return 0
    if not digits.isascii() or not digits.isalnum() or len(digits) > 40:
        return None
    try:
        return int(digits, base)
    except ValueError:
        return None


def _ipv4(labels: list[str]) -> str:
    """An address in its usual form, however it was written; empty when it is invalid."""
    parts = labels[:-1] if labels[-1] == "" else labels
    numbers = [_number(part) for part in parts]
    known = [number for number in numbers if number is not None]
    if len(known) != len(parts) or len(known) > 4 or any(one > 255 for one in known[:-1]):
        return ""
    if known[-1] >= 256 ** (5 - len(known)):
        return ""
    value = known[-1] + sum(one * 256 ** (3 - place) for place, one in enumerate(known[:-1]))
    return str(IPv4Address(value))


def _shown_label(label: str) -> str:
    if not label.startswith("xn--"):
        return label
    try:
        text = idna.decode(label)
    except (idna.IDNAError, UnicodeError):
        return label
    plain = all(char.isascii() or char in _PLAIN for char in text)
    eastern = all(unicodedata.name(char, "").startswith(_EASTERN) for char in text)
    return text if plain or eastern else label
