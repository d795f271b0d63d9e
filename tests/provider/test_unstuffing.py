"""The end of DATA and the dots at the beginning of lines, however the bytes arrive."""

from hypothesis import given
from hypothesis import strategies as st

from backend.provider.lmtp.unstuffing import Unstuffer

BODIES = st.lists(st.sampled_from([b"\r\n", b"\n", b"\r", b".", b"..", b"a", b"b."])).map(b"".join)


def stuffed(body: bytes) -> bytes:
    """As a client sends it (RFC 5321 §4.5.2)."""
    lines = body.split(b"\r\n")
    return b"\r\n".join(b"." + one if one.startswith(b".") else one for one in lines)


@given(body=BODIES, cuts=st.lists(st.integers(1, 5)))
def test_whatever_a_client_stuffs_comes_out_again_however_it_is_cut(
    body: bytes, cuts: list[int]
) -> None:
    body += b"\r\n"
    sent = stuffed(body) + b".\r\nQUIT\r\n"
    unstuffer, out, sizes = Unstuffer(), b"", iter(cuts)
    while not unstuffer.done:
        size = next(sizes, len(sent))
        piece, sent = sent[:size], sent[size:]
        out += unstuffer.feed(piece)
    assert out == body
    assert unstuffer.rest + sent == b"QUIT\r\n"


def test_a_dot_behind_a_bare_line_feed_ends_nothing() -> None:
    unstuffer = Unstuffer()
    out = unstuffer.feed(b"a\n.\nMAIL FROM:<x@y.example>\n.\r\nb\r\n.\r\n")
    assert unstuffer.done
    assert out == b"a\n.\nMAIL FROM:<x@y.example>\n.\r\nb\r\n"
