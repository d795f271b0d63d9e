"""A contact form's mail: the person who filled it in is in Reply-To."""

from dataclasses import replace

import pytest

from backend.domain.capture.match_policy import MatchPolicy
from backend.domain.capture.rule import Asked, Keep, decide
from backend.domain.policies import MatchField
from backend.domain.reasons import Reason
from tests.domain.mail import JON_AT, MIA_AT
from tests.domain.test_capture import FORM, OWN_FORM, facts, rules


@pytest.mark.contract("D-3")
def test_a_contact_form_is_logged_by_a_click_or_where_reply_to_decides() -> None:
    clicked = decide(facts(FORM, asked=Asked.LOG), rules())
    assert isinstance(clicked, Keep)
    assert [on.address for on in clicked.people.contacts] == [JON_AT]
    by_policy = replace(rules(), matching=MatchPolicy(fields=frozenset(MatchField)))
    for envelope in (FORM, OWN_FORM):
        kept = decide(facts(envelope), by_policy)
        assert isinstance(kept, Keep)
        assert (kept.reason, kept.address) == (Reason.MATCHED_REPLY_TO, JON_AT)
    listed = decide(facts(replace(FORM, reply_to=(MIA_AT,))), rules(listed=True))
    assert listed.reason is Reason.NEVER_LOG_ADDRESS
