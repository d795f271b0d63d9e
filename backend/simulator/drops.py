"""How a connection ends in place of an answer or within it: the word between app and server."""

from enum import StrEnum

DROP_KEY = "simulator.drop"


class Drop(StrEnum):
    """Not at all, closed politely, reset, or closed in the middle of the answer."""

    NO = ""
    CLOSE = "fin"
    RESET = "rst"
    MIDWAY = "midway"
