"""How seeded letters read: greeting, paragraphs, signature, and the quoted mail they answer."""

import html
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from backend.simulator.mail.composing import File, Letter
from backend.simulator.seed.company import Somebody

QUOTED_LINES = 40
COLOURS = {"Lumen Works": "#0f766e"}


@dataclass(frozen=True)
class Written:
    """One letter of a conversation, before it has an id and goes out."""

    sender: Somebody
    to: tuple[Somebody, ...]
    cc: tuple[Somebody, ...]
    subject: str
    paragraphs: tuple[str, ...]
    at: datetime
    files: tuple[File, ...] = ()
    headers: tuple[tuple[str, str], ...] = ()

    @property
    def own_text(self) -> str:
        return "\n\n".join(self.paragraphs) + "\n\n" + _signature(self.sender)


def letter(written: Written, before: Sequence[tuple[str, Written]], message_id: str) -> Letter:
    """The mail of it. `before` are (Message-ID, letter) of the conversation so far."""
    answered = before[-1][1] if before else None
    title = before[0][1].subject.removeprefix("Re: ") if before else ""
    answers = bool(before) and written.subject.removeprefix("Re: ") == title
    return Letter(
        sender=written.sender.written,
        to=[one.written for one in written.to],
        cc=[one.written for one in written.cc],
        subject=f"Re: {title}" if answers else written.subject,
        text=written.own_text + (_quoted_text(answered) if answered else ""),
        html=_html(written) + (_quoted_html(answered) if answered else ""),
        files=written.files,
        date=written.at,
        message_id=message_id,
        cites=[ident for ident, _ in before],
        headers=written.headers,
    )


def greeted(person: Somebody, paragraphs: Sequence[str], *, first: bool) -> tuple[str, ...]:
    """The paragraphs after a greeting; short answers inside a conversation go without."""
    if not first and paragraphs[0][:1].isupper():
        return tuple(paragraphs)
    return (f"Hi {person.first},", *paragraphs)


def _signature(person: Somebody) -> str:
    lines = [person.name, ", ".join(filter(None, (person.title, person.company)))]
    return "\n".join(["-- ", *filter(None, lines)])


def _attribution(answered: Written) -> str:
    when = answered.at.strftime("%a, %d %b %Y at %H:%M")
    return f"On {when}, {answered.sender.name} <{answered.sender.email}> wrote:"


def _quoted_text(answered: Written) -> str:
    lines = answered.own_text.splitlines()[:QUOTED_LINES]
    return "\n".join(["", "", _attribution(answered), *(f"> {line}".rstrip() for line in lines)])


def _quoted_html(answered: Written) -> str:
    return (
        '<div class="gmail_quote"><div class="gmail_attr">'
        f"{html.escape(_attribution(answered))}</div>"
        f'<blockquote class="gmail_quote">{_html(answered)}</blockquote></div>'
    )


def _html(written: Written) -> str:
    body = "".join(f"<p>{html.escape(one)}</p>" for one in written.paragraphs)
    colour = COLOURS.get(written.sender.company, "#444444")
    title = ", ".join(filter(None, (written.sender.title, written.sender.company)))
    return (
        f'<div dir="ltr">{body}<div class="gmail_signature">-- <br>'
        f'<b style="color:{colour}">{html.escape(written.sender.name)}</b><br>'
        f"{html.escape(title)}</div></div>"
    )
