"""A customer's HTML once it is shown: nothing that runs, fetches, hides or deceives."""

import time

import pytest

from backend.domain.mail.foreign_html import MAX_DEPTH, MAX_PICTURES, has_remote_images, shown_html
from backend.domain.mail.mime.html_bounds import MAX_CHARS


@pytest.mark.parametrize(
    ("html", "shown"),
    [
        pytest.param("<p>Hi <b>Dana</b></p>", "<p>Hi <b>Dana</b></p>", id="plain text stays"),
        pytest.param("<script>x()</script>ok", "ok", id="a script goes with its content"),
        pytest.param('<p onclick="x()">a</p>', "<p>a</p>", id="a handler goes"),
        pytest.param("<style>p{}</style>a", "a", id="a style block goes"),
        pytest.param("<form><input name=a></form>a", "a", id="a form goes"),
        pytest.param("<svg><script>x()</script></svg>a", "a", id="a drawing goes"),
        pytest.param('<p id="main" class="x" name="y">a</p>', "<p>a</p>", id="ids and names go"),
        pytest.param('<base href="//evil"><meta><link>a', "a", id="the head's elements go"),
        pytest.param("<iframe src=//evil></iframe>a", "a", id="a frame goes"),
        pytest.param("<!-- secret -->a", "a", id="a comment goes"),
        pytest.param(
            '<p style="position: fixed; color: red">a</p>',
            '<p style="color:red">a</p>',
            id="only harmless styles stay",
        ),
        pytest.param(
            '<img src="data:image/png;base64,iVBORw0KGgo=">',
            '<img src="data:image/png;base64,iVBORw0KGgo=">',
            id="a picture inside the mail stays",
        ),
        pytest.param('<img src="data:text/html,x">', "<img>", id="other data does not"),
        pytest.param('<img src="https://a.example/x.png">', "<img>", id="a remote picture waits"),
        pytest.param('<img src="cid:logo">', "<img>", id="a part of the mail is not fetched"),
    ],
)
def test_shown(html: str, shown: str) -> None:
    assert shown_html(html) == shown


@pytest.mark.parametrize(
    "scheme", ["javascript:x()", "data:text/html,x", "vbscript:x", "file:///x"]
)
def test_a_link_leads_to_pages_and_mail_only(scheme: str) -> None:
    assert "href" not in (shown_html(f'<a href="{scheme}">a</a>') or "")


def test_a_link_says_where_it_leads_when_its_text_says_otherwise() -> None:
    honest = shown_html('<a href="https://www.bank.example/x">bank.example</a>') or ""
    lying = shown_html('<a href="https://evil.example/">www.bank.example</a>') or ""
    assert "leads to" not in honest
    assert 'title="www.bank.example"' in honest
    assert lying.endswith("(leads to evil.example)")
    assert 'rel="noopener noreferrer nofollow"' in lying


def test_pictures_that_count_views_are_never_shown() -> None:
    html = '<img src="https://t.example/1.gif" width="1" height="1"><img src="https://a.example/b.png">'
    assert shown_html(html, images="shown") == '<img src="https://a.example/b.png">'
    assert "t.example" not in (shown_html('<img src="http://t.example/x">', images="shown") or "")
    for size in ("9" * 5000, "\u00b2", "\u0663"):
        wide = f'<img src="https://a.example/b.png" width="{size}">'
        assert 'src="https://a.example/b.png"' in (shown_html(wide, images="shown") or "")


def test_what_is_too_deep_or_too_large_is_shown_as_text() -> None:
    assert shown_html("<div>" * (MAX_DEPTH + 1)) is None
    assert shown_html("x" * (MAX_CHARS + 1)) is None
    assert shown_html("<img src=x>" * (MAX_PICTURES + 1)) is None
    assert shown_html("<div>" * 20 + "x") is not None


@pytest.mark.parametrize("html", ["<" * 300_000, "<a " * 100_000, '<a href="' * 100_000])
def test_hostile_bytes_take_no_time(html: str) -> None:
    started = time.monotonic()
    shown_html(html)
    has_remote_images(html)
    assert time.monotonic() - started < 3
