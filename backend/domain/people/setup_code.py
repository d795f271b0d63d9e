"""The set-up code of an empty installation: how it is written, and read leniently.

Base32 has no 0, 1 and 8, so these are read as O, I and B.
"""

import base64
import re
from datetime import timedelta

LIFETIME = timedelta(hours=24)
RANDOM_BYTES = 10
"""80 bits: sixteen letters and digits, which nobody guesses in a day."""

MAX_TYPED = 100
_NOT_IN_CODE = re.compile("[^A-Z2-7]")
_LOOK_ALIKE = str.maketrans("018", "OIB")


def written(random: bytes) -> str:
    """The code for these bytes, in groups of four.

    >>> written(bytes(10))
    'AAAA-AAAA-AAAA-AAAA'
    """
    letters = base64.b32encode(random).decode()
    return "-".join(letters[at : at + 4] for at in range(0, len(letters), 4))


def canonical(typed: str) -> str:
    """A typed code in canonical form; empty when it is far too long.

    >>> canonical(" ab1d-22oo ") == canonical("ABID 2200")
    True
    """
    if len(typed) > MAX_TYPED:
        return ""
    return _NOT_IN_CODE.sub("", typed.upper().translate(_LOOK_ALIKE))
