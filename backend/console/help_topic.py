"""The shape of a help page: questions with their answers."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Answer:
    """One question with its answer, and the page where it can be acted on."""

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
