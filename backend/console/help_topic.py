"""What a help page is made of: questions people ask, each answered where it is asked."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Answer:
    """One question with its answer, and the page where something can be done about it."""

    question: str
    text: str
    endpoint: str = ""
    label: str = ""


@dataclass(frozen=True)
class Topic:
    """One help page."""

    slug: str
    title: str
    about: str
    answers: tuple[Answer, ...]
