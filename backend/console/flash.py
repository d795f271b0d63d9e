"""What is said after an act: a toast that leaves by itself, or a note that stays on the page."""

from dataclasses import asdict, dataclass

from flask import flash, redirect
from werkzeug.wrappers import Response

TROUBLE = "trouble"


@dataclass(frozen=True, kw_only=True)
class Undo:
    """A button beside what was said: the form it sends, the row's version in it, and for how many
    seconds it can be of use.
    """

    url: str
    version: int
    seconds: int


def say(text: str, *, url: str = "", label: str = "", undo: Undo | None = None) -> None:
    """A toast on the next page, with a link when there is somewhere to go."""
    told = {"text": text, "url": url, "label": label, "undo": asdict(undo) if undo else None}
    flash(told, "toast")  # type: ignore[arg-type]


def say_trouble(text: str) -> None:
    """A note on the next page that something did not work."""
    flash({"text": text, "url": "", "label": ""}, TROUBLE)  # type: ignore[arg-type]


def go(url: str) -> Response:
    """On to a page after a form was carried out."""
    return redirect(url, code=303)
