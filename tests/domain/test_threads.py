"""What makes two mails one, and what an answer must carry."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from backend.domain.threads.references import (
    MAX_REFERENCES_CHARS,
    content_key,
    references_for_reply,
    reply_subject,
)


def test_content_is_one_for_one_id_sender_and_date() -> None:
    when = datetime(2026, 5, 3, 10, tzinfo=UTC)
    elsewhere = when.astimezone(timezone(timedelta(hours=2)))
    key = content_key("a@x", "mia@acme.example", when)
    assert key == content_key("a@x", "mia@acme.example", elsewhere)
    assert key != content_key("a@x", "eve@other.example", when)
    assert key != content_key("a@x", "mia@acme.example", when + timedelta(days=1))
    assert content_key(None, "mia@acme.example", when) is None


@pytest.mark.contract("K-27")
def test_an_answer_refers_to_its_parent_and_all_before() -> None:
    assert references_for_reply(("a@x", "b@x"), (), "c@x") == ("a@x", "b@x", "c@x")


@pytest.mark.contract("K-27")
def test_a_parent_without_references_lends_its_only_in_reply_to() -> None:
    assert references_for_reply((), ("a@x",), "c@x") == ("a@x", "c@x")
    assert references_for_reply((), ("a@x", "b@x"), "c@x") == ("c@x",)


def test_long_references_keep_the_first_and_the_last() -> None:
    chain = tuple(f"{n:03}-{'x' * 40}@mail.example" for n in range(100))
    kept = references_for_reply(chain, (), "parent@x")
    assert kept[0] == chain[0]
    assert kept[-2:] == (chain[-1], "parent@x")
    assert sum(len(one) + 3 for one in kept) <= MAX_REFERENCES_CHARS


def test_an_endless_id_does_not_make_the_header_longer_than_allowed() -> None:
    assert references_for_reply(("y" * 990,), (), "parent@x") == ("parent@x",)


def test_an_answer_carries_the_subject_of_its_parent_with_one_prefix() -> None:
    assert reply_subject("Offer") == "Re: Offer"
    assert reply_subject("RE: Offer") == "RE: Offer"
    assert reply_subject("=?utf-8?q?Hi=0D=0ABcc:_v@y.example?=") == "Re: Hi Bcc: v@y.example"
