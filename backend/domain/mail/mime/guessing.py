"""Guesses the charset of text that names none, or a wrong one, only where it cannot be Western.

Separate from `charsets`, which believes the claim. Western text has accents here and there, text in
another script is eight-bit bytes in long runs; so Western mail is never guessed at, and guessed
text would be unreadable otherwise. The detector errs on short texts, so it is asked about several
words at least, and only about words that are not ASCII. Both bounds keep it cheap: one or two
milliseconds, a few times a message at most.
"""

import re
from dataclasses import dataclass

# Charsets, besides Western ones, that mail uses without naming them: others that a detector knows
# it mostly sees by mistake.
_LIKELY = [
    *("big5", "gb18030", "cp949", "cp932", "euc_jp", "koi8_u", "cp1251", "cp1253", "cp1255"),
    *("cp1256", "cp874"),
]
_RUN = re.compile(rb"[\x80-\xff]{3,}")
_RULE = re.compile(rb"([\x80-\xff])\1{7,}")
"""A line of dashes or bullets: a run, but no text."""

_ASCII = bytes(range(128))
LEAST = 30
"""Fewer eight-bit bytes than this decide nothing."""

LOOKED_AT, ASKED_ABOUT = 4000, 1500
"""Bytes searched for words, and bytes of such words passed to the detector."""

MOST_GUESSES = 4
"""Guesses for one message. Its parts are nearly always in the same charset."""


@dataclass(slots=True)
class Guesser:
    """Guesses for one message: the first answer holds for everything it can decode."""

    guesses: int = 0
    last: str | None = None

    def guess(self, data: bytes) -> str | None:
        """The likely charset; None when the text appears to be Western."""
        data = _RULE.sub(b" ", data[:LOOKED_AT])
        if not is_another_script(data):
            return None
        if self.guesses < MOST_GUESSES and not (self.last and _reads(data, self.last)):
            self.guesses += 1
            self.last = detected(data) or self.last
        return self.last


def is_another_script(data: bytes) -> bool:
    """Whether most eight-bit bytes come in runs, as no Western text has them.

    >>> is_another_script("Добрый день, спасибо за ваше письмо, Мария".encode("koi8-r"))
    True
    >>> is_another_script(("Größere Übungen müssen früher fertig sein. " * 9).encode("cp1252"))
    False
    """
    high = len(data.translate(None, _ASCII))
    return high >= LEAST and 2 * len(b"".join(_RUN.findall(data))) > high


def detected(data: bytes) -> str | None:
    """The detector's answer for the words that are not ASCII."""
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
