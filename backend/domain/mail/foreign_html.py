"""Sanitises a customer's HTML: capped, reduced to an allow-list, remote images held back.

The first of two barriers. The second is the frame it is shown in, which runs no script and loads
nothing, whatever gets through here.
"""

import re
from dataclasses import dataclass, field

import nh3
from selectolax.lexbor import LexborHTMLParser, LexborNode

from backend.domain.mail.mime.html_bounds import MAX_CHARS, is_light
from backend.domain.mail.web_links import NAMED_HOST, Link, host_key, read_link
from backend.domain.paging import whole_id

MAX_DEPTH = 200
"""Nested elements. A browser needs seconds for some ten thousand, which fit into one small message.
"""

PIXEL = 3
"""Width or height, in pixels, up to which an image is a tracking pixel."""

TAGS = (
    {"a", "abbr", "address", "b", "bdi", "bdo", "big", "blockquote", "br", "caption", "center"}
    | {"cite", "code", "col", "colgroup", "dd", "del", "div", "dl", "dt", "em", "figure"}
    | {"figcaption", "font", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "img", "ins", "kbd"}
    | {"li", "mark", "ol", "p", "pre", "q", "s", "samp", "small", "span", "strike", "strong"}
    | {"sub", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "tt", "u", "ul", "wbr"}
)
CELL = {"align", "valign", "bgcolor", "width", "height", "colspan", "rowspan"}
ATTRIBUTES: dict[str, set[str]] = {
    "*": {"style", "dir", "lang", "title"},
    "a": {"href"},
    "img": {"src", "alt", "width", "height"},
    "font": {"color", "face", "size"},
    "table": {"align", "bgcolor", "border", "cellpadding", "cellspacing", "width"},
    **dict.fromkeys(("td", "th", "tr"), CELL),
    "ol": {"start", "type"},
    "p": {"align"},
    "div": {"align"},
}
STYLES = (
    {"background-color", "border", "border-bottom", "border-collapse", "border-color"}
    | {"border-left", "border-radius", "border-right", "border-spacing", "border-style"}
    | {"border-top", "border-width", "color", "direction", "display", "font", "font-family"}
    | {"font-size", "font-style", "font-weight", "height", "letter-spacing", "line-height"}
    | {"list-style-type", "margin", "margin-bottom", "margin-left", "margin-right", "margin-top"}
    | {"max-width", "min-width", "padding", "padding-bottom", "padding-left", "padding-right"}
    | {"padding-top", "text-align", "text-decoration", "text-indent", "text-transform"}
    | {"vertical-align", "white-space", "width", "word-break", "word-wrap"}
)
DROPPED_WHOLE = {"script", "style", "head", "title", "template", "noscript", "svg", "math"} | {
    "iframe", "object", "embed", "form", "textarea", "select", "audio", "video",
}  # fmt: skip
SCHEMES = {"http", "https", "mailto", "tel", "data"}
INLINE_PICTURE = re.compile(r"data:image/(png|jpe?g|gif|webp);base64,[A-Za-z0-9+/=\s]*\Z")
MAX_LINKS = 2_000
"""Links of one message that are read and explained: newsletters have a few hundred."""

MAX_PICTURES = 2_000
"""Images of one message: newsletters have a few hundred."""

MAX_HOSTS = 400
"""Distinct hosts of one message that are read: decoding names in other scripts is slow."""

MOST_NAMED = 300
"""Characters of a link's text that are searched for hosts."""

_WEB_PLACE = re.compile(r"\s*+(?!mailto:|tel:)[^:]*+:[/\\]*+([^/\\?#]*+)", re.IGNORECASE)


@dataclass(slots=True)
class _Links:
    """The links of one message, each read once. Links to hosts beyond the limit lead nowhere."""

    known: dict[str, Link | None] = field(default_factory=dict)
    hosts: set[str] = field(default_factory=set)

    def read(self, href: str) -> Link | None:
        """Where a link leads; None when it must not be a link."""
        if href not in self.known:
            place = _WEB_PLACE.match(href)
            link = read_link(href) if place is None or self._may_read(place[1]) else None
            self.known[href] = link
            if link is not None:
                self.known[link.href] = link
        return self.known[href]

    def key(self, named: str) -> str:
        """The look-up key of a host named in the text; hosts beyond the limit get a key that
        matches none.
        """
        return host_key(named) if self._may_read(named) else UNREAD

    def _may_read(self, host: str) -> bool:
        if len(self.hosts) < MAX_HOSTS:
            self.hosts.add(host)
        return host in self.hosts


UNREAD = "?"
"""The key of no host: a text that names it does not name where the link leads."""


def shown_html(html: str, *, images: str = "blocked") -> str | None:
    """Safe HTML, or None when it is too large or too deep and the text must do.

    `images` is "shown" after the reader asked for them; tracking pixels never are.

    >>> shown_html('<p onclick="x()">Hi<script>alert(1)</script></p>')
    '<p>Hi</p>'
    >>> shown_html('<img src="https://tracker.example/p.gif">')
    '<img>'
    """
    lowered = html.lower()
    if lowered.count("href") > MAX_LINKS or lowered.count("<im") > MAX_PICTURES:
        return None
    if not is_light(html, depth=MAX_DEPTH):
        return None
    asked = images == "shown"
    links = _Links()

    def keep(_tag: str, name: str, value: str) -> str | None:
        if name == "src":
            return value if _may_load(value, asked=asked) else None
        if name == "href":
            link = links.read(value)
            return link.href if link else None
        return value

    clean = nh3.clean(
        html,
        tags=TAGS,
        clean_content_tags=DROPPED_WHOLE,
        attributes=ATTRIBUTES,
        attribute_filter=keep,
        filter_style_properties=STYLES,
        url_schemes=SCHEMES,
        link_rel="noopener noreferrer nofollow",
        set_tag_attribute_values={"a": {"target": "_blank"}},
    )
    return _finished(clean, links)


def has_remote_images(html: str) -> bool:
    """Whether there are remote images that a reader could ask for."""
    return bool(
        re.search(
            r"<img\b[^<>]{0,4000}\bsrc\s*=\s*[\"']?\s*https?:", html[:MAX_CHARS], re.IGNORECASE
        )
    )


def _may_load(source: str, *, asked: bool) -> bool:
    if INLINE_PICTURE.match(source):
        return True
    return asked and source.lstrip().lower().startswith("https:")


def _finished(clean: str, links: _Links) -> str:
    """Shows where links lead, and removes images that are too small to be seen."""
    if "<a " not in clean and "<img" not in clean:
        return clean
    body = LexborHTMLParser(clean).body
    if body is None:
        return ""
    for picture in body.css("img"):
        if _is_pixel(picture):
            picture.decompose()
    for link in body.css("a[href]"):
        _explain(link, links)
    return body.inner_html or ""


def _is_pixel(picture: LexborNode) -> bool:
    attributes = picture.attributes
    sizes = (attributes.get("width") or "", attributes.get("height") or "")
    known = [whole_id(size.removesuffix("px")) for size in sizes]
    return any(size is not None and size < PIXEL for size in known)


def _explain(link: LexborNode, links: _Links) -> None:
    """Puts the target into the title; text that names another host is followed by the real one."""
    found = links.read(link.attributes.get("href") or "")
    if found is None:
        return
    link.attrs["title"] = found.target
    host = "" if "@" in found.target else links.key(found.target)
    named = {links.key(one) for one in NAMED_HOST.findall(link.text()[:MOST_NAMED])} - {""}
    if host and any(not _is_of(host, one) for one in named):
        link.insert_after(f" (leads to {found.target})")


def _is_of(host: str, named: str) -> bool:
    """Whether a host is the named one, or below it."""
    return f".{host}".endswith(f".{named.removeprefix('www.')}")
