"""Mail by LMTP, over a real socket: stored before it is answered for, once, and refused clearly."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from backend.domain.capture.smart_bcc import LARGEST_MAIL
from backend.store.session import Store
from tests.console.conftest import member
from tests.console.test_smart_bcc import fields, replacements
from tests.support.company import CAPTURE_DOMAIN, KIM, ROBIN, Company
from tests.support.lmtp import MailServer, connection, lmtp_server, written

MAIL = written(ROBIN, "Dana Reyes <dana@northwind.example>")
STORED = "SELECT count(*) FROM inbound_mails"


def address(company: Company, email: str = ROBIN) -> str:
    return fields(member(company, email))["Your address"]


@pytest.fixture
def mx(quiet_company: Company) -> Iterator[MailServer]:
    with lmtp_server(quiet_company.deps) as port, connection(port) as server:
        yield server


def test_a_mail_is_stored_before_it_is_answered_for_and_only_once(
    mx: MailServer, quiet_company: Company
) -> None:
    to = address(quiet_company)
    assert mx.deliver(MAIL, to) == ["250 2.0.0 OK"]
    assert quiet_company.value("SELECT content FROM inbound_pieces") == MAIL
    assert mx.deliver(MAIL, to.upper()) == ["250 2.0.0 OK"]
    assert quiet_company.value(STORED) == 1


def test_each_recipient_has_a_reply_and_a_mail_of_their_own(
    mx: MailServer, quiet_company: Company
) -> None:
    robin, kim = address(quiet_company), address(quiet_company, KIM)
    replies = mx.deliver(MAIL, robin, f"log-nobody@{CAPTURE_DOMAIN}", kim, "x@else.example")
    assert [one[:9] for one in replies] == ["550 5.1.1", "550 5.1.1", "250 2.0.0", "250 2.0.0"]
    assert quiet_company.value(STORED) == 2


def test_chunks_and_pipelined_commands_are_taken_and_bytes_behind_the_dot_are_commands(
    mx: MailServer, quiet_company: Company
) -> None:
    to = address(quiet_company)
    mx.send(f"MAIL FROM:<> BODY=8BITMIME\r\nRCPT TO:<{to}>\r\nDATA\r\n".encode())
    assert [mx.reply()[:3] for _ in range(3)] == ["250", "250", "354"]
    mx.send(b"Subject: a\r\n\r\n..b\r\n.\r\nMAIL FROM:<>\r\n")
    assert [mx.reply()[:3], mx.reply()[:3]] == ["250", "250"]
    assert mx.say(f"RCPT TO:<{to}>").startswith("250")
    mx.send(b"BDAT 14\r\nSubject: c\r\n\r\nBDAT 3 LAST\r\nd\r\n")
    assert [mx.reply()[:3], mx.reply()[:3]] == ["250", "250"]
    found = quiet_company.rows("SELECT content FROM inbound_pieces ORDER BY mail_id")
    assert found == [(b"Subject: a\r\n\r\n.b\r\n",), (b"Subject: c\r\n\r\nd\r\n",)]


@pytest.mark.parametrize(
    ("commands", "reply"),
    [
        (["EHLO a"], "500 5.5.1"),
        (["RCPT TO:<a@b.example>"], "503 5.5.1"),
        (["MAIL FROM:<>", "MAIL FROM:<>"], "503 5.5.1"),
        (["MAIL FROM:<>", "DATA"], "503 5.5.1"),
        (["MAIL FROM: nobody"], "501 5.5.4"),
        (["BDAT x"], "501 5.5.4"),
        (["BDAT \u00b2 LAST"], "501 5.5.4"),
        (["MAIL FROM:<> SIZE=\u00b2"], "250"),
        ([f"MAIL FROM:<> SIZE={LARGEST_MAIL + 1}"], "552 5.3.4"),
        (["NOOP " + "x" * 5000], "500 5.5.2"),
        (["VRFY robin"], "252 2.5.0"),
    ],
)
def test_what_makes_no_sense_is_answered_and_the_conversation_goes_on(
    mx: MailServer, commands: list[str], reply: str
) -> None:
    assert [mx.say(one) for one in commands][-1].startswith(reply)
    assert mx.say("RSET").startswith("250")


def test_sixty_megabytes_are_refused_for_good_and_the_next_mail_is_taken(
    mx: MailServer, quiet_company: Company
) -> None:
    to = address(quiet_company)
    large = MAIL + b"x" * 78 + b"\r\n"
    large += (b"y" * 78 + b"\r\n") * (60 * 1024 * 1024 // 80)
    assert [one[:9] for one in mx.deliver(large, to)] == ["552 5.3.4"]
    assert mx.deliver(MAIL, to) == ["250 2.0.0 OK"]


def test_twenty_megabytes_are_stored_in_pieces(mx: MailServer, quiet_company: Company) -> None:
    large = MAIL + (b"y" * 78 + b"\r\n") * (20 * 1024 * 1024 // 80)
    assert mx.deliver(large, address(quiet_company)) == ["250 2.0.0 OK"]
    pieces = quiet_company.rows("SELECT content FROM inbound_pieces ORDER BY number")
    assert max(len(piece) for (piece,) in pieces) == 1024 * 1024
    assert b"".join(piece for (piece,) in pieces) == large


def test_a_replaced_address_is_taken_for_two_weeks_and_then_refused(quiet_company: Company) -> None:
    old = address(quiet_company)
    robin = member(quiet_company, ROBIN)
    robin.post(replacements(robin)[0])
    for days, reply in ((13, "250 2.0.0"), (15, "550 5.1.6")):
        with lmtp_server(quiet_company.later(days=days).deps) as port, connection(port) as mx:
            assert [one[:9] for one in mx.deliver(MAIL, old)] == [reply]


def test_while_the_database_is_away_the_sender_is_asked_to_come_again(
    quiet_company: Company,
) -> None:
    to, nowhere = address(quiet_company), Store.connect("postgresql://nobody@127.0.0.1:1/nothing")
    with (
        lmtp_server(replace(quiet_company.deps, store=nowhere)) as port,
        connection(port) as mx,
    ):
        assert [one[:9] for one in mx.deliver(MAIL, to)] == ["451 4.3.0"]
    nowhere.dispose()
