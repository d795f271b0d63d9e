"""The never-log list: addresses, domains and subject words that no path may store (M1).

It outranks every reason to keep a mail and is checked before matching. One list holds the entries
of the workspace and the personal ones of the mailbox's owner.
"""

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from string import ascii_lowercase, digits

from backend.domain.mail.address import address_key, domain_of
from backend.domain.mail.domains import domain_key, is_public_suffix
from backend.domain.mail.envelope import Envelope, domain_and_parents
from backend.domain.mail.normal_forms import normalized
from backend.domain.reasons import Reason

MAX_WORDS = 200
"""Characters of a subject that one entry may name."""

IN_LABEL = frozenset(ascii_lowercase + digits + "-_")
"""What a part of a domain is made of; other letters are written in these (RFC 5890)."""

# Scripts without spaces between words, or that join endings to them: there a word is matched by its
# letters alone. First and last code point of each block (Unicode 16, Blocks.txt).
_UNSPACED = (
    (0x0E00, 0x0FFF),  # Thai, Lao, Tibetan
    (0x1000, 0x109F),  # Myanmar
    (0x1100, 0x11FF),  # Hangul letters
    (0x1780, 0x17FF),  # Khmer
    (0x1950, 0x19DF),  # Tai Le, New Tai Lue
    (0x1A20, 0x1AAF),  # Tai Tham
    (0x1B00, 0x1BBF),  # Balinese, Sundanese
    (0x3005, 0x3007),  # Ideographic marks
    (0x3040, 0x318F),  # Hiragana, Katakana, Bopomofo, Hangul
    (0x31A0, 0x31FF),  # Bopomofo, Katakana
    (0x3400, 0x9FFF),  # Ideographs, Yijing signs
    (0xA960, 0xA9DF),  # Hangul, Javanese
    (0xAA60, 0xAADF),  # Myanmar, Tai Viet
    (0xAC00, 0xD7FF),  # Hangul syllables
    (0xF900, 0xFAFF),  # Ideographs
    (0x1B000, 0x1B16F),  # Kana
    (0x20000, 0x3FFFF),  # Ideographs
)

# Characters without a meaning of their own: invisible ones other than format characters (Unicode
# 16, Default_Ignorable_Code_Point), and vowels and strokes that most writers leave out.
_UNSEEN = (
    (0x034F, 0x034F),  # Combining grapheme joiner
    (0x0591, 0x05BD),  # Hebrew accents and points, written by few
    (0x05BF, 0x05BF),
    (0x05C1, 0x05C2),
    (0x0610, 0x061A),  # Arabic signs, the stroke that makes words longer, vowels
    (0x0640, 0x0640),
    (0x064B, 0x0652),
    (0x0656, 0x065F),
    (0x0670, 0x0670),
    (0x115F, 0x1160),  # Hangul fillers
    (0x17B4, 0x17B5),  # Khmer inherent vowels
    (0x180B, 0x180F),  # Mongolian variation selectors
    (0x3164, 0x3164),  # Hangul filler
    (0xFE00, 0xFE0F),  # Variation selectors
    (0xFFA0, 0xFFA0),  # Half-width Hangul filler
    (0xE0100, 0xE01EF),  # Variation selectors
)
# "And" or "so" before "in", "like" or "for" before the article: written as one with their word.
_PARTICLES = {
    before + article
    for before in ("", "\u0648", "\u0641")
    for article in (
        *("", "\u0627\u0644", "\u0628\u0627\u0644", "\u0643\u0627\u0644", "\u0644\u0644"),
        *("\u0628", "\u0643", "\u0644"),
    )
}
LONGEST_PARTICLE = max(map(len, _PARTICLES))

# Letters whose upper case equals that of another: Turkish has two i, and Greek capitals are written
# without accents.
_ONE_CASE = dict(
    (
        *((0x0131, 0x0069), (0x0390, 0x03CA), (0x03AC, 0x03B1), (0x03AD, 0x03B5)),
        *((0x03AE, 0x03B7), (0x03AF, 0x03B9), (0x03B0, 0x03CB), (0x03CC, 0x03BF)),
        *((0x03CD, 0x03C5), (0x03CE, 0x03C9)),
    )
)


class EntryKind(StrEnum):
    """What an entry names."""

    ADDRESS = "address"
    DOMAIN = "domain"
    SUBJECT = "subject"


class Scope(StrEnum):
    """The scope of an entry: the whole workspace, or one member's mailboxes."""

    WORKSPACE = "workspace"
    PERSONAL = "personal"


REASONS: Mapping[EntryKind, Reason] = {
    EntryKind.ADDRESS: Reason.NEVER_LOG_ADDRESS,
    EntryKind.DOMAIN: Reason.NEVER_LOG_DOMAIN,
    EntryKind.SUBJECT: Reason.NEVER_LOG_SUBJECT,
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the list: an address key, a domain with its subdomains, or words of a subject."""

    kind: EntryKind
    value: str
    scope: Scope = Scope.WORKSPACE


@dataclass(frozen=True, slots=True)
class Blocked:
    """The entry that forbids logging, and the address it met; none when the subject did."""

    entry: Entry
    reason: Reason
    address: str | None


@dataclass(frozen=True, slots=True)
class NeverLog:
    """The list, indexed for checking many messages. Build it with `never_log`."""

    addresses: Mapping[str, Entry]
    domains: Mapping[str, Entry]
    subjects: tuple[tuple[str, Entry], ...]


def never_log(entries: Iterable[Entry]) -> NeverLog:
    """Index the entries. Where both scopes name the same thing, the workspace's is reported."""
    ordered = sorted(entries, key=lambda entry: entry.scope is Scope.WORKSPACE)
    return NeverLog(
        addresses={e.value: e for e in ordered if e.kind is EntryKind.ADDRESS},
        domains={bare_domain(e.value): e for e in ordered if e.kind is EntryKind.DOMAIN},
        subjects=tuple(
            (words, e)
            for e in reversed(ordered)
            if e.kind is EntryKind.SUBJECT and (words := compared(e.value))
        ),
    )


def usable_entry(kind: EntryKind, value: str) -> tuple[EntryKind, str] | None:
    """The entry meant by typed text; None when it cannot be one.

    People write a whole domain as *.alpha.example, @alpha.example or *@alpha.example, in the field
    for an address, too. A public suffix is no entry: it would keep out whole countries.

    >>> usable_entry(EntryKind.ADDRESS, "*@Alpha.example")
    (<EntryKind.DOMAIN: 'domain'>, 'alpha.example')
    >>> usable_entry(EntryKind.DOMAIN, "*.co.uk") is None
    True
    """
    typed = _as_typed(value).removeprefix("mailto:")
    match kind:
        case EntryKind.ADDRESS if typed.startswith(("@", "*@", "*.")):
            return usable_entry(EntryKind.DOMAIN, typed)
        case EntryKind.ADDRESS:
            key = address_key(typed)
            return (kind, key) if key and "*" not in key and all(_labels(key)) else None
        case EntryKind.DOMAIN:
            domain = bare_domain(typed)
            usable = all(label and IN_LABEL.issuperset(label) for label in domain.split("."))
            usable = usable and "." in domain and not is_public_suffix(domain)
            return (kind, domain) if usable else None
        case EntryKind.SUBJECT:
            words = " ".join(value.split())
            return (kind, words) if len(words) <= MAX_WORDS and compared(words) else None


def _as_typed(value: str) -> str:
    """An address or a domain without the invisible characters that copying from a page adds."""
    seen = "".join(char for char in value if not _is_unseen(char))
    return normalized("NFKC", seen).strip()


def _labels(key: str) -> list[str]:
    return domain_of(key).split(".")


def bare_domain(value: str) -> str:
    """A domain without the marks for "everything in it"; empty when it cannot be one.

    >>> bare_domain("*.Legal.example"), bare_domain("@legal.example"), bare_domain("a@b.example")
    ('legal.example', 'legal.example', '')
    """
    value = value.strip()
    for mark in ("*@", "@", "*.", "."):
        value = value.removeprefix(mark)
    return domain_key(value)


def blocked(envelope: Envelope, subject: str, entries: NeverLog) -> Blocked | None:
    """The first entry met: by address, then by domain, then by subject, From before To before Cc.

    Bcc counts too: a mail with a hidden copy to a lawyer would store the lawyer's address.

    >>> entries = never_log([Entry(EntryKind.DOMAIN, "legal.example")])
    >>> mail = Envelope("mia@alpha.example", cc=("jo@uk.legal.example",))
    >>> found = blocked(mail, "Contract", entries)
    >>> found.address, found.reason.value
    ('jo@uk.legal.example', 'never_log_domain')
    >>> blocked(Envelope("jo@notlegal.example"), "Contract", entries) is None
    True
    """
    return (
        _by_address(envelope, entries)
        or _by_domain(envelope, entries)
        or _by_subject(subject, entries)
    )


def _by_address(envelope: Envelope, entries: NeverLog) -> Blocked | None:
    for _, key in envelope:
        if entry := entries.addresses.get(key):
            return Blocked(entry, REASONS[entry.kind], key)
    return None


def _by_domain(envelope: Envelope, entries: NeverLog) -> Blocked | None:
    for _, key in envelope:
        for domain in domain_and_parents(domain_of(key)):
            if entry := entries.domains.get(domain):
                return Blocked(entry, REASONS[entry.kind], key)
    return None


def _by_subject(subject: str, entries: NeverLog) -> Blocked | None:
    text = compared(subject) if entries.subjects else ""
    for words, entry in entries.subjects:
        if _has_words(text, words):
            return Blocked(entry, REASONS[entry.kind], None)
    return None


def compared(text: str) -> str:
    r"""A subject normalised for comparison: case, Unicode form, spaces, no invisible characters.

    >>> compared("\uff33alary \u00ad\n Review") == compared("salary review")
    True
    """
    if text.isascii():
        return " ".join(text.casefold().split())
    seen = "".join(char for char in text if not _is_unseen(char))
    folded = normalized("NFKC", normalized("NFKC", seen).casefold())
    one_case = folded.replace("i\u0307", "i").translate(_ONE_CASE)
    return " ".join("".join(char for char in one_case if not _is_unseen(char)).split())


def _is_unseen(char: str) -> bool:
    code = ord(char)
    return unicodedata.category(char) == "Cf" or any(
        first <= code <= last for first, last in _UNSEEN
    )


def _has_words(text: str, words: str) -> bool:
    """Match whole words: "pay" must not hide "payment". Both arguments are normalised.

    >>> _has_words("re: salary review 2026", "salary review"), _has_words("payment", "pay")
    (True, False)
    >>> _has_words("社外秘資料の送付", "社外秘")
    True
    """
    start = text.find(words)
    while start >= 0:
        end = start + len(words)
        begins = not _joined(text, start) or _follows_particle(text, start)
        if begins and not _joined(text, end):
            return True
        start = text.find(words, start + 1)
    return False


def _follows_particle(text: str, start: int) -> bool:
    """Whether the word that continues here began with an Arabic particle or the article only."""
    begin = start
    while _joined(text, begin) and start - begin < LONGEST_PARTICLE:
        begin -= 1
    return not _joined(text, begin) and text[begin:start] in _PARTICLES


def _joined(text: str, place: int) -> bool:
    """Whether one word continues across a position in the text."""
    around = text[max(place - 1, 0) : place + 1]
    return len(around) == 2 and 0 < place < len(text) and all(map(_in_spaced_word, around))


def _in_spaced_word(char: str) -> bool:
    if not (char.isalnum() or char == "_" or unicodedata.category(char).startswith("M")):
        return False
    code = ord(char)
    return not any(first <= code <= last for first, last in _UNSPACED)
