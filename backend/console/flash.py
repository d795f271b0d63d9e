"""Notices after an action: a toast that disappears, or a note that stays on the page."""

from dataclasses import asdict, dataclass

from flask import flash, redirect
from werkzeug.wrappers import Response

TROUBLE = "trouble"


@dataclass(frozen=True, kw_only=True)
class Undo:
    """A button beside the notice: the form it sends, the row's version in it, and for how many
    seconds it works.
    """

    url: str
    version: int
    seconds: int


def say(text: str, *, url: str = "", label: str = "", undo: Undo | None = None) -> None:
    """Show a toast on the next page, with an optional link."""
    told = {"text": text, "url": url, "label": label, "undo": asdict(undo) if undo else None}
    flash(told, "toast")  # type: ignore[arg-type]


def say_trouble(text: str) -> None:
    """Show a note on the next page that something failed."""
    flash({"text": text, "url": "", "label": ""}, TROUBLE)  # type: ignore[arg-type]


def go(url: str) -> Response:
    """Redirect after a form was applied."""
    return redirect(url, code=303)
