"""The charset of text that names none, or a wrong one: guessed only where it cannot be Western.

Separate from `charsets`, which believes what is claimed. Western text has accents here and there,
text in another script is eight-bit bytes in long runs; so Western mail is never guessed at, and
what is guessed would be unreadable otherwise. The detector errs on short texts, so a few words are
the least it is asked about, and only the words that are not ASCII. Both bounds keep it cheap: one
or two milliseconds, a few times a message at most.
"""

import re
from dataclasses import dataclass

# Charsets that mail is sent in without a word of it, besides Western ones: what others a detector
# knows, it sees mostly by mistake.
_LIKELY = [
    *("big5", "gb18030", "cp949", "cp932", "euc_jp", "koi8_u", "cp1251", "cp1253", "cp1255"),
    *("cp1256", "cp874"),
]
_RUN = re.compile(rb"[\x80-\xff]{3,}")
_RULE = re.compile(rb"([\x80-\xff])\1{7,}")
"""A line of dashes or bullets, which is a run and no text."""

_ASCII = bytes(range(128))
LEAST = 30
"""Eight-bit bytes that are too few to tell."""

LOOKED_AT, ASKED_ABOUT = 4000, 1500
"""Bytes in which words are looked for, and bytes of such words that the detector sees."""

MOST_GUESSES = 4
"""Guesses for one message. Its parts are nearly always in the same charset."""


@dataclass(slots=True)
class Guesser:
    """Guesses for one message: the first answer holds for whatever it can read."""

    guesses: int = 0
    last: str | None = None

    def guess(self, data: bytes) -> str | None:
        """The likely charset; None when it is Western as far as can be told."""
        data = _RULE.sub(b" ", data[:LOOKED_AT])
        if not is_another_script(data):
            return None
        if self.guesses < MOST_GUESSES and not (self.last and _reads(data, self.last)):
            self.guesses += 1
            self.last = detected(data) or self.last
        return self.last


def is_another_script(data: bytes) -> bool:
    """Whether most eight-bit bytes stand in runs, as no Western text has them.

    >>> is_another_script("Добрый день, спасибо за ваше письмо, Мария".encode("koi8-r"))
    True
    >>> is_another_script(("Größere Übungen müssen früher fertig sein. " * 9).encode("cp1252"))
    False
    """
    high = len(data.translate(None, _ASCII))
    return high >= LEAST and 2 * len(b"".join(_RUN.findall(data))) > high


def detected(data: bytes) -> str | None:
    """What the detector says of the words that are not ASCII."""
    from charset_normalizer import from_bytes  # noqa: PLC0415 - rarely needed and big

    words = b" ".join(word for word in data.split() if not word.isascii())[:ASKED_ABOUT]
    found = from_bytes(
        words, cp_isolation=_LIKELY, preemptive_behaviour=False, enable_fallback=False
    ).best()
    return found.encoding if found else None


def _reads(data: bytes, charset: str) -> bool:
    try:
        data[:-4].decode(charset)
    except UnicodeError:
        return False
    return True
