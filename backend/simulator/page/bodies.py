"""A message's HTML as its own page, for a sandboxed frame: no scripts, no remote images.

The content is a stranger's: it gets its own address and its own security policy, and nothing of it
ever enters the page itself.
"""

import base64
import re
from collections.abc import Iterator

from backend.simulator.mail import mailbox
from backend.simulator.mail.ids import UnknownIdError, parse_id
from backend.simulator.mail.mime_tree import Part, parse_tree
from backend.simulator.world import World

POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src 'self';"
    " frame-ancestors 'self'; sandbox allow-same-origin allow-popups allow-popups-to-escape-sandbox"
)
_CID = re.compile(r"cid:([^\s\"'>)]+)", re.IGNORECASE)
_CHARSET = re.compile(r"charset\s*=\s*\"?([\w.:-]+)", re.IGNORECASE)
_HEAD = (
    '<!doctype html><html lang="und"><head><meta charset="utf-8"><title>Message body</title>'
    '<base target="_blank"><style>'
    "@font-face{font-family:Inter;font-weight:100 900;"
    "src:url(/simulator/static/fonts/inter-latin-wght-normal.woff2)}"
    "body{margin:0;font:14px/1.55 Inter,Roboto,Arial,sans-serif;color:#1f1f1f;"
    "overflow-wrap:anywhere}img{max-width:100%}</style></head><body>"
)


def html_body(world: World, email: str, message_id: str) -> str | None:
    """The page of one mail's HTML part; None when there is no such mail or no such part."""
    try:
        ident = parse_id(message_id)
    except UnknownIdError:
        return None
    with world.store.read() as db:
        found = mailbox.find(db, email.lower(), ident)
        raw = None if found is None else mailbox.raw_of(db, ident)
    if raw is None:
        return None
    parts = list(_leaves(parse_tree(raw)))
    content = next((one for one in parts if one.mime_type == "text/html"), None)
    if content is None:
        return None
    return f"{_HEAD}{_with_pictures(_text(content), parts)}</body></html>"


def _with_pictures(html: str, parts: list[Part]) -> str:
    """Pictures that came with the mail, put in place of the ids by which it names them."""
    pictures = {
        _header(one, "content-id").strip("<> "): one
        for one in parts
        if one.mime_type.startswith("image/")
    }

    def embedded(found: re.Match[str]) -> str:
        part = pictures.get(found[1])
        if part is None:
            return found[0]
        return f"data:{part.mime_type};base64,{base64.b64encode(part.content()).decode()}"

    return _CID.sub(embedded, html)


def _leaves(part: Part) -> Iterator[Part]:
    if not part.children:
        yield part
    for child in part.children:
        yield from _leaves(child)


def _text(part: Part) -> str:
    found = _CHARSET.search(_header(part, "content-type"))
    try:
        return part.content().decode(found[1] if found else "utf-8", "replace")
    except LookupError:
        return part.content().decode("utf-8", "replace")


def _header(part: Part, name: str) -> str:
    return next((one.value for one in part.fields if one.name.lower() == name), "")
