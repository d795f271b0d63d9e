"""Addresses in a card: functions and pictures as whole URLs, links within the declared prefixes.

Plain http counts as well when it names this machine: that is where a local add-on is.
"""

import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import SplitResult, urlsplit

from backend.simulator.config import is_loopback
from backend.simulator.page.checks.card_parse import Part
from backend.simulator.page.checks.findings import Finding, wrong
from backend.simulator.page.checks.place import Place

LINK_SCHEMES: Final = frozenset({"http", "https", "mailto", "tel"})
_ANCHOR = re.compile(r"<a\s[^>]*href\s*=\s*[\"']([^\"']*)[\"']", re.IGNORECASE)
_PICTURES: Final = (
    *(("Image", "imageUrl"), ("ImageComponent", "imageUri"), ("Icon", "iconUrl")),
    *(("CardHeader", "imageUrl"), ("SelectionItem", "startIconUri")),
)
_MARKUP: Final = (("TextParagraph", "text"), ("DecoratedText", "text"), ("Section", "header"))


def check_addresses(part: Part, place: Place) -> Iterator[Finding]:
    """Addresses of one message that would not work."""
    if part.kind == "Action" and part.fields.get("function"):
        yield from check_function(str(part.fields["function"]), f"{part.path}.function")
    if part.kind == "OpenLink" and part.fields.get("url"):
        yield from check_link(str(part.fields["url"]), f"{part.path}.url", place)
    for kind, name in _PICTURES:
        if part.kind == kind and part.fields.get(name):
            yield from _picture(str(part.fields[name]), f"{part.path}.{name}")
    for kind, name in _MARKUP:
        if part.kind == kind:
            for url in _ANCHOR.findall(str(part.fields.get(name, ""))):
                yield from check_link(url, f"{part.path}.{name}", place)


def check_function(url: str, path: str) -> Iterator[Finding]:
    """On the HTTP runtime a function is an address."""
    if not _is_whole(url):
        yield wrong(path, f"A function must be a full https URL, not {url!r:.80}.")


def check_link(url: str, path: str, place: Place) -> Iterator[Finding]:
    """A link that Gmail would not follow."""
    scheme = urlsplit(url).scheme
    if scheme not in LINK_SCHEMES:
        yield wrong(path, f"Gmail opens https, mailto and tel links only, not {url!r:.80}.")
    elif scheme in {"http", "https"} and not is_declared(url, place.link_prefixes):
        yield wrong(path, f"{url!r:.80} is not within openLinkUrlPrefixes: nothing opens.")


def is_declared(url: str, prefixes: tuple[str, ...]) -> bool:
    """Whether a link is within the prefixes of the deployment. None declared allows all.

    >>> is_declared("https://a.example/foo/bar", ("https://a.example/foo",))
    True
    >>> is_declared("https://a.example/foobar", ("https://a.example/foo",))
    False
    """
    return not prefixes or any(_within(urlsplit(url), one) for one in prefixes)


def _within(url: SplitResult, prefix: str) -> bool:
    if prefix == "*":
        return True
    allowed = urlsplit(prefix)
    if url.scheme != allowed.scheme or not _same_host(url.netloc, allowed.netloc):
        return False
    stem = allowed.path.rstrip("/")
    rest = url.path.removeprefix(stem)
    return url.path.startswith(stem) and (not rest or rest.startswith("/"))


def _same_host(host: str, allowed: str) -> bool:
    if allowed.startswith("*."):
        return host.endswith(allowed[1:])
    return host.lower() == allowed.lower()


def _picture(url: str, path: str) -> Iterator[Finding]:
    if not _is_whole(url):
        yield wrong(path, f"A picture must be a public https URL, not {url!r:.60}.")
    elif urlsplit(url).path.lower().endswith(".svg"):
        yield wrong(path, "SVG pictures are not shown in cards.")


def _is_whole(url: str) -> bool:
    parts = urlsplit(url)
    if parts.scheme == "https":
        return bool(parts.netloc)
    return parts.scheme == "http" and is_loopback(parts.hostname or "")
