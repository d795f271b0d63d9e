"""What must never be logged, by whose entry."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domain.capture.blocklist import (
    Blocked,
    Entry,
    EntryKind,
    Scope,
    blocked,
    compared,
    never_log,
    usable_entry,
)
from backend.domain.mail.envelope import Envelope
from backend.domain.reasons import Reason
from tests.domain.mail import JON_AT, KIM_AT, MIA_AT, STRANGER, mail

ADDRESS = Entry(EntryKind.ADDRESS, MIA_AT)
DOMAIN = Entry(EntryKind.DOMAIN, "adatum.example")
SUBJECT = Entry(EntryKind.SUBJECT, "Salary review", Scope.PERSONAL)
LIST = never_log([ADDRESS, DOMAIN, SUBJECT])


@pytest.mark.contract("M1")
@pytest.mark.parametrize(
    ("envelope", "subject", "met"),
    [
        pytest.param(mail(MIA_AT, KIM_AT), "", (ADDRESS, MIA_AT), id="an address in From"),
        pytest.param(mail(KIM_AT, MIA_AT), "", (ADDRESS, MIA_AT), id="an address in To"),
        pytest.param(mail(KIM_AT, STRANGER, cc=MIA_AT), "", (ADDRESS, MIA_AT), id="in Cc"),
        pytest.param(mail(KIM_AT, STRANGER, bcc=MIA_AT), "", (ADDRESS, MIA_AT), id="in Bcc"),
        pytest.param(mail(JON_AT, KIM_AT), "", (DOMAIN, JON_AT), id="a domain"),
        pytest.param(
            mail(KIM_AT, "x@mail.adatum.example"),
            "",
            (DOMAIN, "x@mail.adatum.example"),
            id="a subdomain of it",
        ),
        pytest.param(mail(KIM_AT), "Re: SALARY  review!", (SUBJECT, None), id="subject words"),
        pytest.param(
            mail(JON_AT, MIA_AT),
            "Salary review",
            (ADDRESS, MIA_AT),
            id="an address is told before a domain, and a domain before a subject",
        ),
    ],
)
def test_never_logged(envelope: Envelope, subject: str, met: tuple[Entry, str | None]) -> None:
    found = blocked(envelope, subject, LIST)
    assert found is not None
    assert (found.entry, found.address) == met


@pytest.mark.contract("M1")
@pytest.mark.parametrize(
    ("envelope", "subject"),
    [
        pytest.param(mail("mia@other.example", KIM_AT), "", id="another address"),
        pytest.param(mail("x@notadatum.example", KIM_AT), "", id="a domain that ends alike"),
        pytest.param(mail("x@adatum.example.evil.io", KIM_AT), "", id="or begins alike"),
        pytest.param(mail(KIM_AT), "Salary reviews", id="a longer word"),
        pytest.param(mail(KIM_AT), "Review of the salary", id="the words in another order"),
        pytest.param(mail(None), "", id="nobody and nothing"),
    ],
)
def test_still_logged(envelope: Envelope, subject: str) -> None:
    assert blocked(envelope, subject, LIST) is None


@pytest.mark.parametrize(
    ("kind", "value", "reason"),
    [
        (EntryKind.ADDRESS, MIA_AT, Reason.NEVER_LOG_ADDRESS),
        (EntryKind.DOMAIN, "alpha.example", Reason.NEVER_LOG_DOMAIN),
        (EntryKind.SUBJECT, "merger", Reason.NEVER_LOG_SUBJECT),
    ],
)
def test_the_reason_names_the_kind_of_entry(kind: EntryKind, value: str, reason: Reason) -> None:
    found = blocked(mail(MIA_AT), "Merger", never_log([Entry(kind, value)]))
    assert found is not None
    assert found.reason is reason


@pytest.mark.contract("M1")
@pytest.mark.parametrize("kind", EntryKind)
def test_where_both_lists_name_it_the_workspaces_entry_is_told(kind: EntryKind) -> None:
    value = {EntryKind.ADDRESS: MIA_AT, EntryKind.DOMAIN: "alpha.example"}.get(kind, "merger")
    own, all_of_us = Entry(kind, value, Scope.PERSONAL), Entry(kind, value, Scope.WORKSPACE)
    for entries in ([own, all_of_us], [all_of_us, own]):
        found = blocked(mail(MIA_AT), "The merger", never_log(entries))
        assert isinstance(found, Blocked)
        assert found.entry is all_of_us


def test_an_empty_subject_entry_blocks_nothing() -> None:
    assert blocked(mail(MIA_AT), "Anything", never_log([Entry(EntryKind.SUBJECT, "  ")])) is None


@pytest.mark.contract("M1")
@pytest.mark.parametrize(
    ("words", "subject"),
    [
        pytest.param("社外秘", "社外秘資料の送付", id="Japanese, inside a longer word"),
        pytest.param("社外秘", "【社外秘】資料", id="Japanese, in brackets"),
        pytest.param("급여", "급여는 비밀입니다", id="Korean, with a particle"),
        pytest.param("เงินเดือน", "เรื่องเงินเดือนปีนี้", id="Thai"),
        pytest.param("NDA", "本日NDA締結", id="Latin letters between ideographs"),
        pytest.param("カタカナ", "ｶﾀｶﾅ", id="half-width letters"),
        pytest.param("salary", "\uff33\uff41\uff4c\uff41\uff52\uff59", id="full-width letters"),
        pytest.param("Gehälter", "Geha\u0308lter 2026", id="a letter and its mark apart"),
        pytest.param("Straße", "STRASSE", id="any letter case"),
        pytest.param("salary", "sal\u00adary", id="a soft hyphen that nobody sees"),
        pytest.param("salary review", "Salary\u3000Review", id="another space"),
        pytest.param("salary", "sal\u034fa\ufe0fry", id="marks that nobody sees"),
        pytest.param("izin", "\u0130Z\u0130N", id="Turkish capitals with a dot"),
        pytest.param("kap\u0131", "KAPI", id="Turkish capitals without one"),
        pytest.param("راتب", "كشف الراتب", id="Arabic, with the article"),
        pytest.param("راتب", "والراتب", id="Arabic, with a particle and the article"),
        pytest.param("رَاتِب", "كشف راتب", id="Arabic, with vowels in the entry"),
        pytest.param("راتب", "كشف راتـــب", id="Arabic, stretched"),
        pytest.param("שכר", "תלוש שָׂכָר", id="Hebrew, with points"),
        pytest.param("μισθός", "ΜΙΣΘΟΣ", id="Greek capitals, which have no accents"),
    ],
)
def test_words_are_found_in_every_script_and_form(words: str, subject: str) -> None:
    assert blocked(mail(None), subject, never_log([Entry(EntryKind.SUBJECT, words)]))


def test_a_longer_arabic_word_is_another() -> None:
    assert not blocked(mail(None), "مراتبنا", never_log([Entry(EntryKind.SUBJECT, "راتب")]))


def test_an_old_entry_for_everything_below_a_domain_means_the_domain() -> None:
    entries = never_log([Entry(EntryKind.DOMAIN, "*.adatum.example")])
    assert blocked(mail("jo@eu.adatum.example"), "", entries)


@given(st.text(), st.text())
def test_any_words_can_be_entered_and_are_found_in_themselves(words: str, around: str) -> None:
    found = blocked(mail(None), f"{around} {words} .", never_log([Entry(EntryKind.SUBJECT, words)]))
    assert (found is None) == (not compared(words))


@pytest.mark.parametrize(
    ("kind", "typed", "meant"),
    [
        (EntryKind.ADDRESS, "*.alpha.example", (EntryKind.DOMAIN, "alpha.example")),
        (EntryKind.ADDRESS, "\ufeffmi\u200ba@alpha.example", (EntryKind.ADDRESS, MIA_AT)),
        (EntryKind.ADDRESS, "mailto:mia@alpha.example", (EntryKind.ADDRESS, MIA_AT)),
        (EntryKind.ADDRESS, "mia\uff20alpha.example", (EntryKind.ADDRESS, MIA_AT)),
        (EntryKind.ADDRESS, "mia@alpha..example", None),
        (EntryKind.DOMAIN, "\uff0a.al\u200bpha\u3002example", (EntryKind.DOMAIN, "alpha.example")),
        (EntryKind.DOMAIN, "..alpha.example", None),
        (EntryKind.DOMAIN, "alpha..example", None),
        (EntryKind.DOMAIN, "%.example", None),
        (EntryKind.DOMAIN, "co.uk\u200b", None),
    ],
)
def test_an_entry_that_could_never_meet_a_mail_is_refused(
    kind: EntryKind, typed: str, meant: tuple[EntryKind, str] | None
) -> None:
    assert usable_entry(kind, typed) == meant
