"""How a connection ends in place of an answer, and the word for it between app and server."""

from enum import StrEnum

DROP_KEY = "simulator.drop"


class Drop(StrEnum):
    """Not at all, closed politely, or reset."""

    NO = ""
    CLOSE = "fin"
    RESET = "rst"
