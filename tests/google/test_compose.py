"""Mail we write: no header that was not meant, both readings, the order at the end."""

import email
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import default

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domain.mail.message import NamedAddress
from backend.domain.mail.parse import parse_message
from backend.domain.mail.replies.text import reply_text
from backend.errors import InputError, SendRefused
from backend.google.compose import (
    OutgoingFile,
    OutgoingMail,
    Quote,
    UnsubscribeLink,
    clean_name,
    compose,
)

SEND_ID = "0d6f9f3e-0000-4000-8000-000000000001"
KIM = NamedAddress("Kim Doyle", "kim@ours.example", "kim@ours.example")


def person(address: str, name: str = "") -> NamedAddress:
    return NamedAddress(name, address, address)


def outgoing(
    *,
    to: tuple[NamedAddress, ...] = (person("mia@acme.example"),),
    subject: str = "Offer",
    **more: object,
) -> OutgoingMail:
    return OutgoingMail(send_id=SEND_ID, sender=KIM, to=to, subject=subject, **more)  # type: ignore[arg-type]


def standard(raw: bytes) -> EmailMessage:
    """As the standard library reads it: an independent judge."""
    message = email.message_from_bytes(raw, policy=default)
    assert isinstance(message, EmailMessage)
    return message


ATTACKS = {
    "a line break": "Hi\r\nBcc: victim@y.example",
    "an encoded line break": "=?utf-8?q?Hi=0D=0ABcc:_victim=40y.example?=",
    "a doubly encoded line break": "=?utf-8?q?=3D=3Futf-8=3Fq=3FHi=3D0D=3D0ABcc:_v=3F=3D?=",
    "an encoded line break in base64": "=?utf-8?b?SGkNCkJjYzogdmljdGltQHkuZXhhbXBsZQ==?=",
    "a lone carriage return": "Hi\rBcc: victim@y.example",
    "a body smuggled in": "Hi\r\n\r\n<script>",
    "very long": "Hi " * 5000,
}
NAMES = {"From", "To", "Subject", "X-Rapport-Send-Id", "MIME-Version", "Content-Type"}


@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS)
def test_a_crafted_subject_or_name_adds_no_header(attack: str) -> None:
    raw = compose(outgoing(subject=f"Re: {attack}", to=(person("mia@acme.example", attack),)))
    message = standard(raw)
    assert set(message.keys()) == NAMES
    assert len(message.keys()) == len(NAMES)
    assert message["bcc"] is None
    # Answering our own mail must be as safe: what a reader decodes is clean, too.
    assert set(standard(compose(outgoing(subject=parse_message(raw).subject))).keys()) == NAMES


@given(st.text(), st.text())
def test_no_text_adds_a_header(subject: str, name: str) -> None:
    raw = compose(outgoing(subject=f"Re: {subject}", to=(person("mia@acme.example", name),)))
    block = raw.partition(b"\r\n\r\n")[0]
    assert {
        line.split(b":")[0].decode() for line in block.split(b"\r\n") if line[:1] != b" "
    } == NAMES
    assert len(parse_message(raw).to) == 1


@pytest.mark.parametrize(
    "address", ["a@x\r\nBcc: b@y", "a b@x.example", "a@", "@x", "a@x>,<b@y.example"]
)
def test_an_impossible_address_is_refused_with_a_sentence(address: str) -> None:
    with pytest.raises(InputError, match="not an address"):
        compose(outgoing(to=(person(address),)))


def test_an_international_domain_travels_in_ascii() -> None:
    raw = compose(outgoing(to=(person("mia@bücher.example", "Mía"),)))
    assert b"<mia@xn--bcher-kva.example>" in raw
    assert parse_message(raw).to[0].name == "Mía"


@pytest.mark.contract("D-32")
def test_a_hundred_recipients_at_most_and_one_at_least() -> None:
    many = tuple(person(f"m{n}@acme.example") for n in range(101))
    assert len(parse_message(compose(outgoing(to=many[:100]))).to) == 100
    with pytest.raises(InputError, match="this one has 101"):
        compose(outgoing(to=many))
    with pytest.raises(InputError, match="at least one recipient"):
        compose(outgoing(to=()))


@pytest.mark.contract("K-27")
def test_ids_of_an_answer_are_written_plain_however_long() -> None:
    chain = tuple(f"{'x' * 120}{n}@mail.example" for n in range(6))
    raw = compose(outgoing(in_reply_to=chain[-1], references=chain))
    assert b"=?" not in raw.partition(b"\r\n\r\n")[0]
    parsed = parse_message(raw)
    assert (parsed.in_reply_to, parsed.references) == ((chain[-1],), chain)
    assert str(standard(raw)["references"]).split() == [f"<{one}>" for one in chain]


def test_an_id_that_is_none_is_left_out() -> None:
    parsed = parse_message(compose(outgoing(references=("a@x>\r\nBcc: v@y", "ok@x"))))
    assert parsed.references == ("ok@x",)
    assert parsed.bcc == ()


def link(url: str, *, one_click: bool = True) -> UnsubscribeLink:
    return UnsubscribeLink(url, "Rather not hear from us?", "Leave <us>", one_click=one_click)


def test_one_click_unsubscribing_is_written_plain() -> None:
    url = f"https://ours.example/u/{'t' * 200}"
    raw = compose(outgoing(unsubscribe=link(url)))
    message = standard(raw)
    assert message["list-unsubscribe"] == f"<{url}>"
    assert message["list-unsubscribe-post"] == "List-Unsubscribe=One-Click"
    assert b"=?" not in raw.partition(b"\r\n\r\n")[0]


def test_a_link_for_several_people_is_not_pressed_by_programs_and_one_without_tls_not_found() -> (
    None
):
    url = "https://ours.example/u/t"
    shared = standard(compose(outgoing(unsubscribe=link(url, one_click=False))))
    assert shared["list-unsubscribe"] == f"<{url}>"
    assert shared["list-unsubscribe-post"] is None
    local = compose(outgoing(unsubscribe=link("http://127.0.0.1:8000/u/t")))
    assert standard(local)["list-unsubscribe"] is None
    assert "http://127.0.0.1:8000/u/t" in parse_message(local).text


@pytest.mark.parametrize("url", ["ftp://x.example/u", "https://x\r\nBcc: v@y", "javascript:x"])
def test_an_unsubscribe_link_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(SendRefused):
        compose(outgoing(unsubscribe=link(url)))


@pytest.mark.contract("D-26")
@pytest.mark.contract("VC-32")
@pytest.mark.contract("VC-37")
def test_body_then_signature_then_unsubscribe_line_then_the_quote() -> None:
    parsed = parse_message(
        compose(
            outgoing(
                text="Hello Mia",
                signature_html="<b>Kim Doyle</b>",
                unsubscribe=link("https://ours.example/u/t"),
                quote=Quote("On 3 May 2026, Mia wrote:", "Price?\nDate?", "<p>Price?</p>"),
            )
        )
    )
    order = ["Hello Mia", "Kim Doyle", "Rather not hear from us?", "On 3 May 2026"]
    for reading in (parsed.text, parsed.html or ""):
        places = [reading.index(piece) for piece in order]
        assert places == sorted(places)
    assert "\n-- \nKim Doyle" in parsed.text
    assert "> Price?\n> Date?" in parsed.text
    line = '? <a href="https://ours.example/u/t">Leave &lt;us&gt;</a></div>'
    assert line in (parsed.html or "")
    assert reply_text("", parsed.html).startswith("Hello Mia")


def test_foreign_html_is_sent_without_anything_active() -> None:
    evil = (
        '<script>x()</script><p onclick="x()" style="position:fixed;color:red">Hi</p><svg onload=x>'
    )
    html = parse_message(
        compose(outgoing(html=evil, signature_html=evil, quote=Quote("K:", "", evil)))
    ).html
    assert html is not None
    for forbidden in ("script", "onclick", "position", "svg", "onload"):
        assert forbidden not in html
    assert html.count("Hi</p>") == 3


def test_text_becomes_html_with_its_lines_and_links() -> None:
    html = parse_message(compose(outgoing(text="a < b\nhttps://x.example/?a=1&b=2."))).html or ""
    assert "a &lt; b<br>" in html
    assert '<a href="https://x.example/?a=1&amp;b=2">https://x.example/?a=1&amp;b=2</a>.' in html


def test_html_alone_brings_a_plain_form() -> None:
    assert parse_message(compose(outgoing(html="<p>Hello</p><p>Mia</p>"))).text.split() == [
        "Hello",
        "Mia",
    ]


def test_files_and_pictures_keep_their_names_and_bytes() -> None:
    raw = compose(
        outgoing(
            html='<img src="cid:i@x">',
            attachments=(
                OutgoingFile(
                    "../../Übersicht \u202efdp.exe", "application/pdf\r\nX: y", b"%PDF" * 50
                ),
                OutgoingFile("i.png", "image/png", b"\x89PNG", content_id="i@x"),
                OutgoingFile("mail.eml", "message/rfc822", b"Subject: x\r\n\r\n"),
            ),
        )
    )
    found = {one.filename: one for one in parse_message(raw).attachments}
    pdf = found["Übersicht fdp.exe"]
    assert (pdf.content_type, pdf.size, pdf.inline) == ("application/octet-stream", 200, False)
    assert (found["i.png"].content_id, found["i.png"].inline) == ("i@x", True)
    assert found["mail.eml"].content_type == "application/octet-stream"
    names = {part.get_filename() for part in standard(raw).walk() if part.get_filename()}
    assert names == set(found)


def test_file_names_are_one_line_without_folders_and_not_endless() -> None:
    assert clean_name("C:\\temp\\a\r\nb.pdf") == "a b.pdf"
    assert clean_name("...") == "file"
    long = clean_name("x" * 300 + ".pdf")
    assert len(long) == 150
    assert long.endswith(".pdf")


@pytest.mark.contract("VC-15")
@pytest.mark.contract("VC-20")
def test_reply_to_and_bcc_are_in_the_bytes_that_gmail_gets() -> None:
    parsed = parse_message(
        compose(outgoing(reply_to="desk@ours.example", bcc=(person("log@crm.example"),)))
    )
    assert [one.address for one in parsed.reply_to] == ["desk@ours.example"]
    assert [one.address for one in parsed.bcc] == ["log@crm.example"]


@pytest.mark.contract("K-23")
def test_no_read_receipt_is_ever_asked_for() -> None:
    head = compose(outgoing()).partition(b"\r\n\r\n")[0].lower()
    assert b"disposition-notification-to" not in head
    assert b"return-receipt-to" not in head


def test_only_mail_that_nobody_asked_for_is_marked_automatic() -> None:
    assert standard(compose(outgoing()))["auto-submitted"] is None
    assert standard(compose(outgoing(automatic=True)))["auto-submitted"] == "auto-generated"


def test_the_same_mail_has_the_same_bytes_in_short_lines_of_ascii() -> None:
    mail = outgoing(text="Grüße " * 500, date=datetime(2026, 3, 3, 9, tzinfo=UTC), message_id="a@x")
    raw = compose(mail)
    assert raw == compose(mail)
    assert raw.isascii()
    assert max(len(line) for line in raw.split(b"\r\n")) <= 78
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert standard(raw)["date"].datetime == datetime(2026, 3, 3, 9, tzinfo=UTC)


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\x00\r"), max_size=400))
def test_what_is_written_is_read_again(text: str) -> None:
    parsed = parse_message(compose(outgoing(text=text)))
    assert parsed.text.removeprefix("\ufeff").rstrip() == text.removeprefix("\ufeff").rstrip()
    assert parsed.send_id == SEND_ID
    assert not {"unreadable", "boundary_not_closed"} & set(parsed.defects)
