"""Any answer to any call: temporary failures are reported as temporary, and no exception
escapes.
"""

from collections.abc import Callable, Mapping

import pytest

from backend.domain.mail.message import FetchedMessage
from backend.errors import (
    InputError,
    MailboxBlocked,
    ProviderUnavailable,
    RapportError,
    RateLimited,
    ScopeMissing,
)
from backend.google.gmail import GmailMailbox
from tests.google.test_client import access
from tests.support.company import DANA, Company

TOPIC = "projects/rapport-local/topics/gmail"
CALLS: Mapping[str, tuple[str, Callable[[GmailMailbox, str], object]]] = {
    "profile": ("getProfile", lambda gmail, _: gmail.profile()),
    "history": ("history.list", lambda gmail, _: gmail.history(gmail_now(gmail))),
    "list": ("messages.list", lambda gmail, _: gmail.list_ids()),
    "headers": ("messages.get", lambda gmail, one: gmail.headers(one, ["Subject"])),
    "batch": ("messages.get", lambda gmail, one: in_batch(gmail.fetch([one]), one)),
    "labels in a batch": ("messages.get", lambda gmail, one: in_batch(gmail.labels_of([one]), one)),
    "labels": ("labels.list", lambda gmail, _: gmail.labels()),
    "watch": ("users.watch", lambda gmail, _: gmail.watch(TOPIC)),
    "stop": ("users.stop", lambda gmail, _: gmail.stop()),
    "send-as": ("sendAs.list", lambda gmail, _: gmail.send_as()),
}
HALF = {"kind": "garbled", "params": {"mode": "half_json"}}
PASSING = [
    {"kind": "status", "params": {"code": 400, "reason": "failedPrecondition"}},
    {"kind": "status", "params": {"code": 403, "html": True}},
    {"kind": "status", "params": {"code": 403, "reason": "forbidden", "message": "No."}},
    {"kind": "status", "params": {"code": 404, "html": True}},
    {"kind": "status", "params": {"code": 409, "reason": "aborted"}},
    {"kind": "status", "params": {"code": 412, "reason": "conditionNotMet"}},
    {"kind": "status", "params": {"code": 503}},
    {"kind": "status", "params": {"code": 502, "html": True}},
    {"kind": "garbled", "params": {"mode": "page"}},
    HALF,
    {"kind": "garbled", "params": {"mode": "cut"}},
    {"kind": "rst"},
]
LASTING: list[tuple[dict[str, object], type[RapportError]]] = [
    ({"code": 403, "reason": "domainPolicy", "message": "Disabled."}, MailboxBlocked),
    ({"code": 403, "reason": "insufficientPermissions"}, ScopeMissing),
    ({"code": 400, "reason": "invalidArgument"}, InputError),
    ({"code": 429, "html": True}, RateLimited),
]


def gmail_now(gmail: GmailMailbox) -> int:
    return gmail.profile().history_id


def in_batch(answers: Mapping[str, object], one: str) -> None:
    """What a part of a batch was answered, as if the call had been alone."""
    found = answers[one]
    if isinstance(found, RapportError):
        raise found


@pytest.fixture
def mailbox(quiet_company: Company) -> GmailMailbox:
    return quiet_company.deps.google.mailbox(access(quiet_company), lambda _: None)


def strike(company: Company, fault: Mapping[str, object], method: str) -> None:
    company.simulator.post("/simulator/faults", {**fault, "match": method, "times": 2})


def calm(company: Company) -> None:
    company.simulator.clear_faults()


@pytest.mark.parametrize("fault", PASSING, ids=str)
def test_what_passes_is_told_as_passing_by_every_call(
    fault: dict[str, object], mailbox: GmailMailbox, quiet_company: Company
) -> None:
    one = quiet_company.receives(**{"from": DANA})
    for method, call in CALLS.values():
        if method == "users.stop" and fault == HALF:
            continue  # its answer is empty, and half of nothing is whole
        strike(quiet_company, fault, method)
        with pytest.raises(ProviderUnavailable):
            call(mailbox, one)
        calm(quiet_company)
    for _, call in CALLS.values():
        call(mailbox, one)


@pytest.mark.parametrize(("params", "kind"), LASTING, ids=str)
def test_what_names_its_cause_is_told_as_that_by_every_call(
    params: dict[str, object],
    kind: type[RapportError],
    mailbox: GmailMailbox,
    quiet_company: Company,
) -> None:
    one = quiet_company.receives(**{"from": DANA})
    for method, call in CALLS.values():
        strike(quiet_company, {"kind": "status", "params": params}, method)
        with pytest.raises(kind):
            call(mailbox, one)
        calm(quiet_company)


def test_one_unreadable_part_of_a_batch_leaves_the_others_alone(
    mailbox: GmailMailbox, quiet_company: Company
) -> None:
    company = quiet_company
    ids = [company.receives(**{"from": DANA}) for _ in range(4)]
    for one, mode in zip(ids[:2], ("page", "half_json"), strict=True):
        fault = {"kind": "garbled", "match": {"message": one}, "params": {"mode": mode}}
        company.simulator.post("/simulator/faults", fault)
    answers = mailbox.fetch(ids)
    assert [type(answers[one]) for one in ids] == [
        *[ProviderUnavailable] * 2,
        *[FetchedMessage] * 2,
    ]


def test_a_captive_portal_is_no_mailbox(mailbox: GmailMailbox, quiet_company: Company) -> None:
    strike(quiet_company, {"kind": "status", "params": {"code": 302, "html": True}}, "getProfile")
    with pytest.raises(ProviderUnavailable):
        mailbox.profile()
