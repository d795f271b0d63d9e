"""Who may read a mail, and through which rule."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domain.ids import MemberId
from backend.domain.people.visibility import (
    ORDER,
    Choice,
    Copy,
    Hidden,
    Readable,
    Sharing,
    Viewer,
    Visibility,
    choice_after_merge,
    shared_with_team,
    who_can_read,
    who_may_read,
)

METADATA, SUBJECT, FULL = Visibility.METADATA, Visibility.SUBJECT, Visibility.FULL
KIM, ANA, BEN = MemberId(1), MemberId(2), MemberId(3)
KIM_OPEN = Copy(name="Kim Doyle", readers=frozenset({KIM}), default=FULL)
KIM_PRIVATE = Copy(name="Kim Doyle", readers=frozenset({KIM}), default=METADATA)
ANA_SUBJECT = Copy(name="Ana Ruiz", readers=frozenset({ANA}), default=SUBJECT)
SUPPORT = Copy(name="Support", readers=frozenset({KIM, ANA}), default=FULL)

LEVELS = st.sampled_from(Visibility)
COPIES = st.lists(
    st.builds(
        Copy,
        name=st.sampled_from(["Kim Doyle", "Ana Ruiz", "Support"]),
        readers=st.frozensets(st.sampled_from([KIM, ANA])),
        default=LEVELS,
        records=st.lists(LEVELS, max_size=2).map(tuple),
        thread=st.none() | LEVELS,
    ),
    min_size=1,
    max_size=4,
)


@pytest.mark.contract("M2")
@pytest.mark.parametrize(
    ("copies", "level"),
    [
        pytest.param([KIM_OPEN], FULL, id="a mailbox that shares everything"),
        pytest.param([ANA_SUBJECT], SUBJECT, id="a mailbox that shares subjects"),
        pytest.param([KIM_PRIVATE], METADATA, id="a mailbox that shares nothing readable"),
        pytest.param(
            [Copy(name="Kim", readers=frozenset({KIM}), default=FULL, records=(SUBJECT,))],
            SUBJECT,
            id="a contact's own level beats the mailbox",
        ),
        pytest.param(
            [Copy(name="Kim", readers=frozenset({KIM}), default=FULL, records=(SUBJECT, METADATA))],
            METADATA,
            id="of two contacts the more private one counts",
        ),
        pytest.param(
            [
                Copy(
                    name="Kim",
                    readers=frozenset({KIM}),
                    default=METADATA,
                    records=(METADATA,),
                    thread=FULL,
                )
            ],
            FULL,
            id="a thread's own level beats both",
        ),
        pytest.param(
            [KIM_OPEN, ANA_SUBJECT],
            SUBJECT,
            id="of two mailboxes the more private one wins",
            marks=pytest.mark.contract("N6"),
        ),
    ],
)
def test_what_a_colleague_sees(copies: list[Copy], level: Visibility) -> None:
    seen = who_may_read(copies, Viewer(BEN))
    assert isinstance(seen, Readable)
    assert seen.level is level


@pytest.mark.contract("N6")
@given(COPIES)
def test_nobody_opens_what_another_closed(copies: list[Copy]) -> None:
    together = shared_with_team(copies).level
    alone = [shared_with_team([copy]).level for copy in copies]
    assert together is min(alone, key=ORDER.index)


@pytest.mark.contract("M2")
@given(COPIES, st.sampled_from(Sharing))
def test_whoever_has_the_mailbox_reads_all_of_it(copies: list[Copy], sharing: Sharing) -> None:
    for copy in copies:
        for member in copy.readers:
            seen = who_may_read(copies, Viewer(member), sharing=sharing)
            assert isinstance(seen, Readable)
            assert seen.level is FULL


@pytest.mark.contract("M2")
def test_internal_mail_is_never_shared() -> None:
    seen = who_may_read([KIM_OPEN], Viewer(BEN), sharing=Sharing.INTERNAL)
    assert seen == Hidden("Only Kim Doyle can read it: internal mail is never shared.")


def test_without_any_copy_nobody_reads_it() -> None:
    assert isinstance(who_may_read([], Viewer(BEN)), Hidden)


@pytest.mark.contract("N6")
@pytest.mark.parametrize(
    ("copies", "sentence"),
    [
        pytest.param(
            [SUPPORT],
            "Your team can read it: Support shares all of it, as for every mail.",
            id="full",
        ),
        pytest.param(
            [ANA_SUBJECT],
            "Only Ana Ruiz can read it, and your team sees the subject: "
            "Ana Ruiz shares the subject only, as for every mail.",
            id="subject",
        ),
        pytest.param(
            [Copy(name="Kim Doyle", readers=frozenset({KIM}), default=FULL, thread=METADATA)],
            "Only Kim Doyle can read it: Kim Doyle shares only that it happened, for this thread.",
            id="metadata",
        ),
        pytest.param(
            [SUPPORT, ANA_SUBJECT, KIM_OPEN],
            "Only Support, Ana Ruiz and Kim Doyle can read it, and your team sees the subject: "
            "Ana Ruiz shares the subject only, as for every mail, "
            "and the most private choice wins over Support and Kim Doyle.",
            id="several mailboxes",
        ),
        pytest.param(
            [],
            "Nobody can read it: it is in no mailbox of this workspace.",
            id="none",
        ),
    ],
)
def test_the_line_on_every_thread(copies: list[Copy], sentence: str) -> None:
    assert who_can_read(copies) == sentence


@pytest.mark.contract("N6")
@pytest.mark.parametrize("asked", [KIM_PRIVATE, ANA_SUBJECT])
def test_whoever_sees_less_is_told_whom_to_ask(asked: Copy) -> None:
    seen = who_may_read([asked], Viewer(BEN))
    assert seen.why.endswith(f" Ask {asked.name} to share more.")


@pytest.mark.parametrize(
    ("level", "subject", "text"),
    [(METADATA, False, False), (SUBJECT, True, False), (FULL, True, True)],
)
def test_what_a_level_shows(level: Visibility, *, subject: bool, text: bool) -> None:
    assert (level.shows_subject, level.shows_text) == (subject, text)


CHOICES = st.tuples(st.sampled_from(Visibility), st.sampled_from([None, KIM, BEN])) | st.just(
    (None, None)
)


@given(CHOICES, CHOICES, st.sampled_from([KIM, BEN, ANA]), st.sampled_from(Visibility))
def test_no_mailbox_shares_more_of_a_mail_after_a_merge(
    one: Choice, other: Choice, owner: MemberId, default: Visibility
) -> None:
    def shares(choice: Choice) -> int:
        level, who = choice
        return ORDER.index(level if level and who in {None, owner} else default)

    merged = choice_after_merge(one, other)
    assert shares(merged) <= min(shares(one), shares(other))
    assert merged == choice_after_merge(other, one)
