"""How a mail to many says that one may leave: List-Unsubscribe (RFC 2369) and one click (RFC 8058).

Separate from writing those fields (`google.compose`): this reads what strangers wrote.
"""

import re
from dataclasses import dataclass

from backend.domain.mail.message import ParsedMessage

MOST = 20
_BRACKETED = re.compile(r"<\s*+([^<>\s]{1,2000})\s*+>")
_ONE_CLICK = "list-unsubscribe=one-click"


@dataclass(frozen=True, slots=True)
class Leaving:
    """Ways to leave a list. `urls` are web pages; `mailto` is a whole URI or empty. `one_click`:
    a POST to the one address with TLS is enough, nobody is asked.
    """

    urls: tuple[str, ...]
    mailto: str
    one_click: bool


def read_leaving(message: ParsedMessage) -> Leaving | None:
    """The ways that a mail names, or None when it names none that can be used."""
    written = " ".join(message.headers.get("list-unsubscribe", ()))
    found = _BRACKETED.findall(written) or written.replace(",", " ").split()
    uris = list(dict.fromkeys(found))[:MOST]
    urls = tuple(uri for uri in uris if uri.lower().startswith(("https://", "http://")))
    mailto = next((uri for uri in uris if uri.lower().startswith("mailto:")), "")
    if not urls and not mailto:
        return None
    asked = message.first("list-unsubscribe-post").strip().lower() == _ONE_CLICK
    safe = sum(uri.lower().startswith("https://") for uri in urls)
    return Leaving(urls, mailto, asked and safe == 1)
