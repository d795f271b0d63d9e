"""Mails that nobody sends by accident: each is small enough to be sent and made to cost time.

Every builder takes how much of its poison to put in, so that a test can ask how cost grows, and
names the amount at which it is tried whole.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from backend.domain.mail.mime.html_bounds import MAX_MARKS, MAX_TAGS

TEXT = "Content-Type: text/plain; charset=utf-8"
HTML = "Content-Type: text/html; charset=utf-8"
HEAD = {
    "From": "Eve <eve@evil.example>",
    "To": "Kim <kim@ours.example>",
    "Subject": "An offer",
    "Date": "Mon, 23 Nov 2026 09:00:00 +0000",
    "Message-ID": "<hostile@evil.example>",
}
LEGAL_LINE = 900
"""A header line a server lets through has at most 998 characters."""


@dataclass(frozen=True)
class Poison:
    """One way to be hostile. `most` is how much of it one mail carries at the worst."""

    name: str
    most: int
    build: Callable[[int], bytes]


def mail(body: str | bytes = "Hello", *fields: str, **head: str) -> bytes:
    """A mail with these fields instead of, and these besides, the usual ones."""
    named = HEAD | {name.replace("_", "-"): value for name, value in head.items()}
    lines = [f"{name}: {value}" for name, value in named.items() if value]
    block = "\r\n".join([*lines, *(fields or (TEXT,)), "MIME-Version: 1.0", "", ""])
    content = body if isinstance(body, bytes) else body.encode("utf-8", "surrogatepass")
    return block.encode("utf-8", "surrogatepass") + content


def folded(text: str) -> str:
    """A long value in lines that a server lets through."""
    pieces = [text[at : at + LEGAL_LINE] for at in range(0, len(text), LEGAL_LINE)]
    return "\r\n ".join(pieces)


def html(body: str) -> bytes:
    """A mail with one HTML body."""
    return mail(f"<html><body>{body}</body></html>", HTML)


def multipart(parts: list[str], kind: str = "mixed", boundary: str = "b") -> bytes:
    """A mail of these parts, each with its own header."""
    between = f"\r\n--{boundary}\r\n"
    body = f"{between}{between.join(parts)}\r\n--{boundary}--\r\n"
    return mail(body, f'Content-Type: multipart/{kind}; boundary="{boundary}"')


def lines_of(unit: str) -> Callable[[int], bytes]:
    """A mail whose text repeats a unit."""
    return lambda count: mail(unit * count)


def html_of(unit: str, closing: str = "") -> Callable[[int], bytes]:
    """A mail whose HTML repeats a unit, and what closes it as often."""
    return lambda count: html(unit * count + closing * count)


def within_bounds(unit: str, most: int) -> int:
    """How often, so that the HTML is still read: beyond its bounds it costs next to nothing."""
    marks = {"<": MAX_TAGS, "&": MAX_MARKS}
    bounds = [most // unit.count(mark) - 9 for mark, most in marks.items() if mark in unit]
    return min([most, *bounds])


def nested(count: int) -> bytes:
    """Parts in parts in parts."""
    inner = (
        f'--b{at}\r\nContent-Type: multipart/mixed; boundary="b{at + 1}"\r\n\r\n'
        for at in range(count)
    )
    return mail("".join(inner) + "deep", 'Content-Type: multipart/mixed; boundary="b0"')


def nested_messages(count: int) -> bytes:
    """Mail in mail in mail."""
    return mail("Content-Type: message/rfc822\r\n\r\n" * count, "Content-Type: message/rfc822")


def bounce(count: int) -> bytes:
    """A report on so many failed recipients, each with its own words."""
    blocks = "\r\n".join(
        f"Final-Recipient: rfc822; p{at}@a.example\r\nAction: failed\r\nStatus: 5.0.0\r\n"
        f"Diagnostic-Code: smtp; 550 {'sorry nobody of that sort ' * 12}\r\n"
        for at in range(count)
    )
    said = "\r\n".join(f"p{at}@a.example\r\n  could not be delivered: user" for at in range(count))
    head = "Reporting-MTA: dns; mx.a.example\r\n\r\n"
    return _report(said, f"Content-Type: message/delivery-status\r\n\r\n{head}{blocks}")


def bounce_in_words(count: int) -> bytes:
    """The same in prose only, with the header some systems write."""
    said = "\r\n".join(f"<p{at}@a.example>: user unknown" for at in range(count))
    failed = ", ".join(f"p{at}@a.example" for at in range(count))
    return mail(
        f"Your message could not be delivered.\r\n\r\n{said}",
        TEXT,
        f"X-Failed-Recipients: {folded(failed)}",
        From="Mail Delivery System <mailer-daemon@a.example>",
        Subject="Undelivered Mail Returned to Sender",
    )


def _report(said: str, *parts: str) -> bytes:
    pieces = "\r\n--b\r\n".join([f"{TEXT}\r\n\r\n{said}", *parts])
    return mail(
        f"--b\r\n{pieces}\r\n--b--\r\n",
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"',
        From="Mail Delivery System <mailer-daemon@a.example>",
        Subject="Undelivered Mail Returned to Sender",
    )


def recipients(count: int) -> bytes:
    """A mail to many."""
    return mail(To=",\r\n ".join(f'"P, {at}" <p{at}@a{at % 97}.example>' for at in range(count)))


def alternatives(count: int) -> bytes:
    """The same again and again."""
    return multipart([f"{HTML}\r\n\r\nx"] * count, "alternative")


def unnamed_parts(count: int) -> bytes:
    """Lines that may be boundaries, and no word on what the boundary is."""
    return mail("--x\r\n" * count, "Content-Type: multipart/mixed")


def comments(count: int) -> bytes:
    """A date behind comments in comments."""
    return mail(Date=folded("(" * count + ")" * count + " 1 Jul 2003"))


def quoted(count: int) -> bytes:
    """Quoted-printable with more signs than letters."""
    return mail("=\r\n=3D" * count, TEXT, "Content-Transfer-Encoding: quoted-printable")


def references(count: int) -> bytes:
    """A mail that answers many."""
    return mail(References="\r\n ".join(f"<{at}@a.example>" for at in range(count)))


def continuations(count: int) -> bytes:
    """A file name in many pieces (RFC 2231)."""
    pieces = ";\r\n ".join(f"name*{at}*=%41%42" for at in range(count))
    return mail("x", f"Content-Type: application/pdf;\r\n {pieces}")


def fields(count: int) -> bytes:
    """Many fields of one name."""
    return mail("x", TEXT, *(f"X-Again: {at} =?utf-8?q?a?=" for at in range(count)))


def attributes(count: int) -> bytes:
    """One element with many attributes."""
    return html(f"<div {' '.join(f'a{at}=1' for at in range(count))}>x</div>")


def wide_links(count: int) -> bytes:
    """Links to hosts in other letters, each with the name of another in its text."""
    links = (
        f'<a href="https://b\u00fccher{at}.example">b\u00e4cher{at}.example</a>'
        for at in range(count)
    )
    return html("".join(links))


def encoded(count: int) -> bytes:
    """Base64 of next to nothing, line after line, each padded."""
    return mail("A===\r\n" * count, TEXT, "Content-Transfer-Encoding: base64")


def guessed(count: int) -> bytes:
    """Bytes of no charset, in runs."""
    return mail(bytes(range(128, 256)) * count, "Content-Type: text/plain")


def wrong_charset(count: int) -> bytes:
    """Text in a charset that is not what it says."""
    return mail(b"\x1b$B\xff\xfe" * count, "Content-Type: text/plain; charset=iso-2022-jp")


def japanese_parts(count: int) -> bytes:
    """Text that changes its letters all the time, a little in each part."""
    letters = "\x1b$B!!\x1b(B" * 1_000
    return multipart([f"Content-Type: text/plain; charset=iso-2022-jp\r\n\r\n{letters}"] * count)


def unknown_charsets(count: int) -> bytes:
    """A subject in words of charsets that do not exist, each another."""
    return mail(Subject="\r\n ".join(f"=?x-none-{at}?q?=41?=" for at in range(count)))


def lacking(charset: str, letters: bytes) -> Callable[[int], bytes]:
    """A mail in a charset that has no such letters."""
    return lambda count: mail(letters * count, f"Content-Type: text/plain; charset={charset}")


def uuencoded(count: int) -> bytes:
    """File after file that begins and never ends."""
    return mail("begin 644 a\r\n#86)C\r\n" * count)


FIELD_UNITS = {
    "blanks": " ",
    "tabs": "\t",
    "quotes": '"',
    "angles": "<",
    "closing angles": ">",
    "parentheses": "(",
    "closing parentheses": ")",
    "commas": ",",
    "semicolons": ";",
    "colons": ":",
    "backslashes": "\\",
    "at signs": "@",
    "words never ended": "=?",
    "words in words": "=?utf-8?b?Y",
    "words": "=?utf-8?q?=41?= ",
    "words of questions": "=?a?q??",
    "brackets": "[",
    "routes": "<@a,",
    "entities": "&",
    "dots": "a.",
    "groups": "a:b@c;",
    "nothing": "\x00",
    "wide letters": "ﷺ",
    "accents": "a\u0301",
    "marks": "\u0315\u0300\u0327\u0301",
    "letters by the pair": "a@b.example ",
    "re": "Re: ",
    "tags of lists": "[a] ",
}
FIELDS = ("From", "To", "Cc", "Subject", "Date", "Message-ID", "References", "Reply-To")

LINES = {
    "quoted lines": ("> a\r\n", 100_000),
    "deep quotes": (">" * 300 + "\r\n", 3_000),
    "empty lines": ("\r\n", 300_000),
    "lines of blanks": (" " * 400 + "\r\n", 5_000),
    "one line": ("a", 10_000_000),
    "one line of blanks": (" ", 3_000_000),
    "attributions": ("On 3 May 2024, Kim <k@a.example>\r\n", 20_000),
    "attributions that end": ("On 3 May 2024, Kim wrote:\r\n", 20_000),
    "rules": ("-----Original Message-----\r\n", 20_000),
    "lines of dashes": ("-" * 70 + "\r\n", 20_000),
    "signatures": ("--\r\n", 50_000),
    "headers inside": ("From: a@b.example\r\nSent: now\r\n", 20_000),
    "headers that lead nowhere": ("From: a\r\n", 50_000),
    "quotes and answers": ("> a\r\nb\r\n", 50_000),
    "wrapped quotes": ("> " + "a" * 60 + "\r\nb\r\n", 20_000),
    "sent from": ("\r\nsent from my a b c d e f g\r\n", 10_000),
    "links": ("http://a.example/ ", 100_000),
    "carriage returns": ("\r", 500_000),
    "nothing": ("\x00", 3_000_000),
    "deliveries": ("delivery delivery error ", 20_000),
    "addresses": ("a@b.example ", 100_000),
    "at signs": ("@", 500_000),
    "wide letters": ("ﷺ", 200_000),
    "half letters": ("\ud800", 200_000),
}
MARKUP = {
    "ampersands": ("&", "", 1_000_000),
    "entities": ("&amp;", "", 400_000),
    "long entities": ("&amp" + "a" * 20, "", 60_000),
    "opening angles": ("<", "", 1_000_000),
    "closing angles": (">", "", 1_000_000),
    "quotes in quotes": ("<blockquote>", "</blockquote>", 50_000),
    "tables": ("<table><tr><td>", "</td></tr></table>", 30_000),
    "divs": ("<div>", "</div>", 50_000),
    "divs never closed": ("<div>", "", 200_000),
    "closings alone": ("</div>", "", 200_000),
    "bold never closed": ("<b>", "", 100_000),
    "bold paragraphs": ("<b><p>", "", 50_000),
    "links in links": ("<a href=x>", "", 50_000),
    "marks": ("<b><i><u><a href=x>", "</b></i></u></a>", 20_000),
    "fonts": ("<font size=1>", "", 50_000),
    "lists": ("<ul><li>", "", 50_000),
    "tables in cells": ("<table><td>", "", 50_000),
    "selects": ("<select><option>", "", 50_000),
    "comments": ("<!--", "", 300_000),
    "comments closed": ("<!-- -->", "", 200_000),
    "scripts": ("<script>", "", 100_000),
    "templates": ("<template>", "", 50_000),
    "drawings": ("<svg><path>", "", 50_000),
    "formulas": ("<math><mi>", "", 50_000),
    "forms": ("<form>", "", 100_000),
    "documents": ("<html><body a=1>", "", 50_000),
    "pictures": ("<img src=https://a.example/a.png width=1>", "", 40_000),
    "links": ('<a href="https://a.example">b.example</a>', "", 40_000),
    "quotes of Gmail": ('<div class="gmail_quote">a</div>', "", 40_000),
    "quotes of Gmail in each other": ('<div class="gmail_quote">', "</div>", 400),
    "borders": ('<div style="border-top:solid">From: a<br>Sent: b</div>', "", 20_000),
    "borders in each other": ('<div style="border:none">', "</div>", 400),
    "tags never ended": ("<a ", "", 300_000),
    "tags of one letter": ("<aA", "", 300_000),
    "lines": ("<br>", "", 300_000),
    "blanks": ("&nbsp;", "", 200_000),
    "signs": ("\xa0\n", "", 900_000),
    "empty attributes": ("<p =", "", 200_000),
}


def filled(shape: str, unit: str, chars: int = 8_000) -> bytes:
    """A mail with every field filled with so many characters of a unit, in a shape."""
    value = folded(shape.format(unit * (chars // len(unit))))
    return mail("x", **{name.replace("-", "_"): value for name in FIELDS})


def of_many_parts() -> Iterator[Poison]:
    """What is little in one part, and much in all of them."""
    yield Poison(
        "parts with long heads", 1_000, lambda n: multipart(["X-A: b\r\n" * 300 + "\r\nx"] * n)
    )
    yield Poison("boundaries in one line", 300_000, lambda n: multipart(["--b" * n]))
    yield Poison("Japanese parts", 900, japanese_parts)
    yield Poison("nested parts", 2_000, nested)
    yield Poison("nested messages", 20_000, nested_messages)


def of_encodings() -> Iterator[Poison]:
    """What is dear to decode."""
    yield Poison("base64 of nothing", 1_000_000, encoded)
    yield Poison("bytes of no charset", 20_000, guessed)
    yield Poison("wrong charset", 100_000, wrong_charset)
    yield Poison("charsets nobody knows", 3_000, unknown_charsets)
    yield Poison("letters that Hebrew lacks", 12_000_000, lacking("windows-1255", b"\xfc"))
    yield Poison("letters that Thai lacks", 12_000_000, lacking("tis-620", b"\xdb"))
    yield Poison("half letters of UTF-16", 6_000_000, lacking("utf-16le", b"\x00\xd8"))
    yield Poison("fields of folds", 200_000, lambda n: mail(Subject="x" + "\r\n " * n + "x"))
    yield Poison("files in the text", 20_000, uuencoded)
    yield Poison(
        "comments in the date",
        20_000,
        lambda n: mail(Date=folded("(" * n + ")" * n + " 1 Jul 2003")),
    )
    yield Poison(
        "quoted-printable",
        300_000,
        lambda n: mail("=\r\n=3D" * n, TEXT, "Content-Transfer-Encoding: quoted-printable"),
    )


def whole_mails() -> Iterator[Poison]:
    """Each other way, in text, HTML and structure."""
    for called, (unit, most) in LINES.items():
        yield Poison(f"text of {called}", most, lines_of(unit))
    for called, (opening, closing, most) in MARKUP.items():
        fits = within_bounds(opening + closing, most)
        yield Poison(f"HTML of {called}", fits, html_of(opening, closing))
    yield Poison("style", 200_000, lambda n: html(f'<p style="{"color:red;" * n}">x</p>'))
    yield Poison("style of parentheses", 200_000, lambda n: html(f'<p style="{"url(" * n}">x</p>'))
    yield Poison("attributes", 100_000, attributes)
    yield Poison("links in other letters", 1_900, wide_links)
    yield Poison("entities nobody knows", 280_000, html_of("&bogus "))
    torn = "Content-Type: text/plain; format=flowed; delsp=yes"
    yield Poison("torn lines", 100_000, lambda n: mail("a \n" * n, torn))
    yield Poison("torn quotes", 1_500_000, lambda n: mail(">> \n" * n, torn))
    yield Poison("parts", 50_000, lambda n: multipart([f"{TEXT}\r\n\r\nx"] * n))
    yield Poison("parts of HTML", 50_000, lambda n: multipart([f"{HTML}\r\n\r\n<p>x"] * n))
    yield Poison(
        "alternatives", 50_000, lambda n: multipart([f"{HTML}\r\n\r\nx"] * n, "alternative")
    )
    yield Poison("boundaries", 200_000, lambda n: multipart([""] * n))
    yield Poison(
        "boundaries guessed", 50_000, lambda n: mail("--x\r\n" * n, "Content-Type: multipart/mixed")
    )
    yield from of_many_parts()
    yield Poison("bounce", 2_000, bounce)
    yield Poison("bounce in words", 2_000, bounce_in_words)
    yield Poison("recipients", 5_000, recipients)
    yield Poison("references", 100_000, references)
    yield Poison("continuations", 10_000, continuations)
    yield Poison("fields", 50_000, fields)
    yield from of_encodings()
