"""What is said after an act: a toast that leaves by itself, or a note that stays on the page."""

from flask import flash, redirect
from werkzeug.wrappers import Response

TROUBLE = "trouble"


def say(text: str, *, url: str = "", label: str = "") -> None:
    """A toast on the next page, with a link when there is somewhere to go."""
    flash({"text": text, "url": url, "label": label}, "toast")  # type: ignore[arg-type]


def say_trouble(text: str) -> None:
    """A note on the next page that something did not work."""
    flash({"text": text, "url": "", "label": ""}, TROUBLE)  # type: ignore[arg-type]


def go(url: str) -> Response:
    """On to a page after a form was carried out."""
    return redirect(url, code=303)
