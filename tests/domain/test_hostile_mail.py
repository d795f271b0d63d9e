"""One mail may take a second of computing at most, whatever is in it."""

from time import thread_time

import pytest

from backend.domain.mail.bounces.detection import read_bounce
from backend.domain.mail.foreign_html import has_remote_images, shown_html
from backend.domain.mail.forwards import read_forward
from backend.domain.mail.kinds import classify
from backend.domain.mail.mime.html_bounds import is_light
from backend.domain.mail.parse import parse_message
from backend.domain.mail.replies.text import reply_text
from tests.support.growth import TooLong, cut_after
from tests.support.hostile_mail import FIELD_UNITS, MARKUP, filled, mail, whole_mails

MOST = 1.0
"""Seconds of computing for one mail, over all that is ever asked of it."""

SHAPES = ("{}", "x {} x", '"{}', "<{}>", "({} <a@b.example>")


def read(raw: bytes) -> None:
    """All that sync, the pages and the panel ask of a mail."""
    message = parse_message(raw)
    classify(message)
    read_bounce(message)
    read_forward(message)
    reply_text(message.text, message.html)
    if message.html:
        shown_html(message.html)
        has_remote_images(message.html)


def cost(raw: bytes, most: float = MOST) -> float:
    """Seconds of CPU; looked at again when it was too much, and cut when it takes far too long."""
    spent = []
    for _ in range(4):
        begun = thread_time()
        try:
            with cut_after(3 * MOST):
                read(raw)
        except TooLong:
            return 3 * MOST
        spent.append(thread_time() - begun)
        if spent[-1] <= most:
            break
    return min(spent)


def test_no_hostile_mail_costs_more_than_a_second() -> None:
    spent = {poison.name: cost(poison.build(poison.most)) for poison in whole_mails()}
    assert {name: one for name, one in spent.items() if one > MOST} == {}


@pytest.mark.parametrize("charset", ["euc-jp", "iso-2022-kr", "utf-32"])
def test_megabytes_of_a_charset_that_cannot_be_read_cost_half_a_second(charset: str) -> None:
    raw = mail(b"\x8f\xa1\xff" * 3_000_000, f"Content-Type: text/html; charset={charset}")
    assert cost(raw, MOST / 2) < MOST / 2


def test_no_hostile_field_costs_more_than_a_second() -> None:
    most = MOST / 4  # of the length a mail's head may have
    plain, *around = SHAPES
    tried = [(plain, name) for name in FIELD_UNITS]
    for at, shape in enumerate(around):  # each with a share of the units
        tried += [(shape, name) for name in list(FIELD_UNITS)[at :: len(around)]]
    spent = {one: cost(filled(one[0], FIELD_UNITS[one[1]]), most) for one in tried}
    assert {name: one for name, one in spent.items() if one > most} == {}


def test_a_kind_word_among_a_million_blanks_is_still_read() -> None:
    read_as = parse_message(filled("Kim Berg{}<kim@a.example>", " "))
    assert [one.address for one in read_as.to] == ["kim@a.example"]


@pytest.mark.parametrize("name", ["ampersands", "divs", "opening angles", "bold paragraphs"])
def test_what_is_too_heavy_for_a_parser_is_said_in_words_at_least(name: str) -> None:
    opening, closing, most = MARKUP[name]
    html = f"<p>Hello</p>{opening * most}{closing * most}<p>Kim"
    assert not is_light(html, depth=500)
    assert shown_html(html) is None


def test_a_mail_of_links_only_is_shown_in_words() -> None:
    links = '<a HREF="https://a.example">b.example</a>'
    assert shown_html(links * 5_000) is None
    assert shown_html(links * 10) is not None


def test_an_attribute_too_many_is_counted_behind_any_quote() -> None:
    many = " ".join(f"a{at}" for at in range(9_000))
    for tag in (f"<p {many}>", f"<p x='>' {many}>", f'<p x=">" {many}>', f"<p a==b {many}>"):
        assert not is_light(tag, depth=500), tag[:20]
    assert is_light(f"<p>{many}</p>", depth=500)


@pytest.mark.parametrize(
    "hidden",
    [
        *('<style><a b="</style>{}">', "<title><!-- </title>{}-->", "<!-->{}-->", "<!--->{}-->"),
        *("<svg><style><!--</style></svg>{}-->", "<noscript><!--</noscript>{}-->", "</ '>{}"),
        *("<p\x0ba='>{}'>", "<p\xa0a='>{}'>", "<p a\u2003=\u2003'>{}'>", "<style\x1c>{}"),
    ],
)
def test_depth_cannot_be_hidden_from_the_count(hidden: str) -> None:
    assert not is_light(hidden.format("<div>" * 8_000), depth=500)


@pytest.mark.parametrize(
    "unit", ["<div></ </div>", "<div><table></div></table>", "<span><div></span></div>"]
)
def test_an_end_that_ends_nothing_is_not_counted(unit: str) -> None:
    assert not is_light(unit * 8_000, depth=500)
    assert is_light(unit.replace("</ ", "") * 100, depth=500)
