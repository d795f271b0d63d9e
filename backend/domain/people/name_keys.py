"""How names and subjects are searched: without accents, and names by their first or last word.

Postgres indexes the same keys (`SQL_FIRST`, `SQL_LAST`, `SQL_SUBJECT`), so both must fold letters
alike.
"""

import unicodedata

LATIN = range(0xC0, 0x250)
"""Code points of the letters with accents that European names are written with."""

OTHERS = dict(zip("ØøĐđŁłÆæßıĦħŒœÞþ", "OoDdLlAasiHhOoTt", strict=True))


def _base(char: str) -> str:
    return OTHERS.get(char) or unicodedata.normalize("NFD", char)[0]


ACCENTED = "".join(char for char in map(chr, LATIN) if _base(char).isascii())
PLAIN = "".join(map(_base, ACCENTED))
_TABLE = str.maketrans(ACCENTED, PLAIN)

SQL_FIRST = f"lower(translate(name, '{ACCENTED}'::text, '{PLAIN}'::text))"
SQL_SUBJECT = f"lower(translate(subject, '{ACCENTED}'::text, '{PLAIN}'::text))"
SQL_LAST = (
    "lower(translate(regexp_replace(name, '^(.*\\S)\\s+(\\S+)$'::text, '\\2 \\1'::text), "
    f"'{ACCENTED}'::text, '{PLAIN}'::text))"
)


MOST_WORDS = 6
"""Words of a search that count."""


def folded_words(words: str) -> tuple[str, ...]:
    """The search's words, the longest first; their order in the name does not matter.

    >>> folded_words("Reyés,  Dána M.")
    ('reyes', 'dana', 'm.')
    """
    parts = dict.fromkeys(folded_name(words).split())
    return tuple(sorted(parts, key=len, reverse=True)[:MOST_WORDS])


def folded_name(words: str) -> str:
    """A name's words, folded for search.

    >>> folded_name("Reyés,  Dána"), folded_name("Łukasz")
    ('reyes dana', 'lukasz')
    """
    return " ".join(words.replace(",", " ").split()).translate(_TABLE).lower()
