"""A link in a stranger's mail leads where it says, as browsers read it, or is none."""

import pytest

from backend.domain.mail.foreign_html import shown_html
from backend.domain.mail.web_links import read_link


@pytest.mark.parametrize(
    ("href", "leads"),
    [
        ("https://a.example", "https://a.example/"),
        ("HTTPS://A.Example:443/x?y#z", "https://a.example/x?y#z"),
        ("http://a.example:8080/x", "http://a.example:8080/x"),
        ("https:a.example/x", "https://a.example/x"),
        ("https:/a.example/x", "https://a.example/x"),
        ("https:////a.example/x", "https://a.example/x"),
        ("https:\\\\a.example\\x?\\y", "https://a.example/x?\\y"),
        ("https://bank.example\\@evil.example/x", "https://bank.example/@evil.example/x"),
        ("https://bank.example@evil.example/", "https://evil.example/"),
        ("https://bank.example:pw@b@evil.example/", "https://evil.example/"),
        ("https://evil.example#@bank.example/", "https://evil.example/#@bank.example/"),
        ("https://evil.example?@bank.example/", "https://evil.example/?@bank.example/"),
        ("ht\ntps://a.\texample/\r\nx", "https://a.example/x"),
        ("\x00 https://a.example/ \x1f", "https://a.example/"),
        ("https://%65vil.example/", "https://evil.example/"),
        ("https://\uff45\uff56\uff49\uff4c.example/", "https://evil.example/"),
        ("https://evil。example/", "https://evil.example/"),
        ("https://bücher.example/", "https://xn--bcher-kva.example/"),
        ("https://XN--BCHER-KVA.example/", "https://xn--bcher-kva.example/"),
        ("https://xn--n3h.example/", "https://xn--n3h.example/"),
        ("http://2130706433/", "http://127.0.0.1/"),
        ("http://0x7f.1/", "http://127.0.0.1/"),
        ("http://0177.0.0.01/", "http://127.0.0.1/"),
        ("http://127.0.0.1./", "http://127.0.0.1/"),
        ("http://[::ffff:7f00:1]:80/", "http://[::ffff:7f00:1]/"),
        ("mailto:kim@a.example?subject=x", "mailto:kim@a.example?subject=x"),
        ("tel:+49 30 1", "tel:+49 30 1"),
    ],
)
def test_a_link_leads_where_a_browser_would_go(href: str, leads: str) -> None:
    found = read_link(href)
    assert found is not None
    assert found.href == leads


@pytest.mark.parametrize(
    "href",
    [
        *("", "#", "/x", "x", "//evil.example/x", "\\\\evil.example", "?x", "www.evil.example"),
        *(
            "javascript:alert(1)",
            "java\nscript:alert(1)",
            "data:text/html,x",
            "file:///etc",
            "blob:x",
        ),
        *(
            "vbscript:x",
            "ftp://a.example",
            "about:blank",
            "cid:a",
            "https:",
            "https://",
            "https://@/",
        ),
        *(
            "https://a.example:99999/",
            "https://a.example:x/",
            "https://a b.example/",
        ),
        *("http://256.1.1.1/", "http://1.2.3.4.5/", "http://09.1/", "http://[::1", "http://[x]/"),
        *(
            "https://a%2fb.example/",
            "https://a%00b.example/",
            "https://a..example/",
            "https://\ud800/",
        ),
        *("https://xn--/", "https://xn--a/", "https://xn--a-.example/", "https://a.xn--99zzzz/"),
        *("https://xn--99999999.example/", "https://xn--a-ecp.example/", "https://a*b.example/"),
        *("https://xn--\u00e9.example/", "mailto:", "tel:", "https://a.example/" + "x" * 9_000),
    ],
)
def test_what_cannot_be_read_for_certain_is_no_link(href: str) -> None:
    assert read_link(href) is None


@pytest.mark.parametrize(
    ("href", "shown"),
    [
        ("https://bücher.example", "bücher.example"),
        ("https://日本語.example", "日本語.example"),
        ("https://\u0430pple.example", "xn--pple-43d.example"),
        ("https://\u0430\u0440\u0440\u04cf\u0435.example", "xn--80ak6aa92e.example"),
        ("https://pay\u0131.example", "xn--pay-lua.example"),
    ],
)
def test_letters_that_look_like_others_are_shown_as_they_are_looked_up(
    href: str, shown: str
) -> None:
    found = read_link(href)
    assert found is not None
    assert found.target == shown


def test_a_page_says_where_a_link_leads() -> None:
    shown = shown_html(
        '<a href="https:\\\\bank.example@evil.example">Log in at www.bank.example now</a>'
        '<a href="/account">Account</a><a href="https://shop.bank.example/x">bank.example</a>'
    )
    assert shown is not None
    assert 'href="https://evil.example/"' in shown
    assert 'title="evil.example"' in shown
    assert shown.count("(leads to evil.example)") == 1
    assert "/account" not in shown
    assert shown.count("(leads to") == 1
