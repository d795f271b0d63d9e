"""Conversations by ids: joining, merging, ghosts, and what an answer must carry."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domain.ids import ConversationId
from backend.domain.message import ParsedMessage
from backend.domain.parse import parse_message
from backend.domain.threads import (
    MAX_REFERENCES_CHARS,
    Join,
    Merge,
    Start,
    Threading,
    base_subject,
    content_key,
    references_for_reply,
    reply_subject,
    thread_for,
    tying_ids,
)


def mail(own: str, *references: str, send_id: str = "", subject: str = "Offer") -> ParsedMessage:
    lines = [f"Message-ID: <{own}>", f"Subject: {subject}", "From: mia@acme.example"]
    lines += [f"References: {' '.join(f'<{one}>' for one in references)}"] if references else []
    lines += [f"X-Rapport-Send-Id: {send_id}"] if send_id else []
    return parse_message("\r\n".join([*lines, "", "Hi"]).encode())


@dataclass
class Shelf:
    """Conversations as a store would hold them: every id seen or referred to."""

    place: dict[str, ConversationId] = field(default_factory=dict)
    gmail: dict[str, ConversationId] = field(default_factory=dict)
    sent: dict[str, ConversationId] = field(default_factory=dict)
    count: int = 0

    def find(self, ids: Sequence[str]) -> Iterable[ConversationId]:
        return [self.place[one] for one in ids if one in self.place]

    def file(self, message: ParsedMessage, gmail_thread: str = "") -> ConversationId:
        decided = thread_for(
            message,
            by_gmail_thread=lambda: self.gmail.get(gmail_thread),
            by_send_id=self.sent.get,
            by_message_ids=self.find,
        )
        home = self.home(decided)
        self.place.update(dict.fromkeys(tying_ids(message), home))
        if gmail_thread:
            self.gmail[gmail_thread] = home
        return home

    def home(self, decided: Threading) -> ConversationId:
        match decided:
            case Start():
                self.count += 1
                return ConversationId(self.count)
            case Join(conversation):
                return conversation
            case Merge(keep, absorb):
                for places in (self.place, self.gmail, self.sent):
                    for key in [key for key, value in places.items() if value in absorb]:
                        places[key] = keep
                return keep


@pytest.mark.contract("V-4")
def test_a_message_joins_the_conversation_of_its_gmail_thread() -> None:
    shelf = Shelf()
    first = shelf.file(mail("a@x"), "t1")
    assert shelf.file(mail("b@x"), "t1") == first


def test_the_same_mail_in_another_mailbox_joins_by_its_id() -> None:
    shelf = Shelf()
    first = shelf.file(mail("a@x"), "kim/t1")
    assert shelf.file(mail("a@x"), "lea/t9") == first


@pytest.mark.contract("H-43")
def test_a_subject_alone_ties_nothing() -> None:
    shelf = Shelf()
    assert shelf.file(mail("a@x")) != shelf.file(mail("b@x", subject="Re: Offer"))


def test_our_own_send_id_ties_the_sent_copy_to_its_conversation() -> None:
    shelf = Shelf(sent={"s-1": ConversationId(7)})
    assert shelf.file(mail("new-id@mail.gmail.com", send_id="s-1")) == 7


def test_a_parent_that_arrives_last_joins_its_answers() -> None:
    shelf = Shelf()
    left, right = shelf.file(mail("b@x", "a@x")), shelf.file(mail("c@x", "z@x"))
    assert left != right
    assert shelf.file(mail("a@x", "z@x")) == left
    assert shelf.place["c@x"] == left


def test_a_mail_that_refers_to_itself_or_in_a_circle_is_kept() -> None:
    shelf = Shelf()
    first = shelf.file(mail("a@x", "a@x", "b@x"))
    assert shelf.file(mail("b@x", "a@x")) == first


@given(st.permutations(range(6)))
def test_the_order_of_arrival_does_not_matter(order: list[int]) -> None:
    chain = [mail("m0@x"), *(mail(f"m{n}@x", f"m{n - 1}@x") for n in range(1, 6))]
    shelf = Shelf()
    for index in order:
        shelf.file(chain[index])
    assert len(set(shelf.place.values())) == 1


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


SUBJECTS = {
    "repeated prefixes": ("Re: RE: re: Offer", "Offer"),
    "German": ("AW: WG: Angebot", "Angebot"),
    "French": ("RE : TR : Offre", "Offre"),
    "Chinese with a full-width colon": ("回复\uff1a转发\uff1a报价", "报价"),
    "numbered": ("Re[3]: RE(2): Offer", "Offer"),
    "a list tag between": ("Re: [team] Re: Offer", "Offer"),
    "a word that only begins alike": ("Reading: a list", "Reading: a list"),
    "a prefix and nothing else": ("Re:", "Re:"),
    "a tag and nothing else": ("[team]", "[team]"),
}


@pytest.mark.parametrize(("subject", "base"), SUBJECTS.values(), ids=SUBJECTS)
def test_base_subjects(subject: str, base: str) -> None:
    assert base_subject(subject) == base


def test_an_answer_carries_the_subject_of_its_parent_with_one_prefix() -> None:
    assert reply_subject("Offer") == "Re: Offer"
    assert reply_subject("RE: Offer") == "RE: Offer"
    assert reply_subject("=?utf-8?q?Hi=0D=0ABcc:_v@y.example?=") == "Re: Hi Bcc: v@y.example"
