"""Several processes and people at one mailbox at once: a job that lost the lease writes nothing."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
import requests
from redis import Redis

from backend.domain.ids import MailboxId
from backend.domain.sync.label_changes import LabelDelta
from backend.jobs import JobName
from backend.limits import PATIENCE, Limits
from backend.services.importing import runs, syncing
from backend.services.importing.labels import relabel
from backend.store import copies, decided, fetching
from backend.store.fetching import IMPORT, LIVE, Wanted
from tests.support.company import DANA, ROBIN, Company
from tests.support.decisions import choose, disconnect_gmail
from tests.support.faults import reader_was_stopped

Act = Callable[[Company, MailboxId], None]
PLACE = "SELECT cursor, (SELECT count(*) FROM to_fetch), state FROM mailboxes"


class Meanwhile(Limits):
    """Does something once, just before a call to Gmail of so many units."""

    def __init__(self, redis: Redis, units: int, act: Callable[[], None]) -> None:
        super().__init__(redis, mailbox_units=100_000)
        self._wanted, self._acts = units, [act]

    def take_units(
        self, mailbox_id: MailboxId, units: int, *, patience: timedelta = PATIENCE
    ) -> timedelta:
        """See `Limits.take_units`."""
        if units == self._wanted and self._acts:
            self._acts.pop()()
        return super().take_units(mailbox_id, units, patience=patience)


def taken_over(company: Company, box: MailboxId) -> None:
    """Another process has the mailbox."""
    reader_was_stopped(company, box, given_back=False)


def taken_and_given_back(company: Company, box: MailboxId) -> None:
    """Another process had the mailbox."""
    reader_was_stopped(company, box, given_back=True)


def interrupted(company: Company, units: int, act: Act) -> Company:
    """The same company, where somebody else does `act` to its mailbox before such a call."""
    redis = Redis.from_url(str(company.settings.redis_url))
    box = company.value("SELECT id FROM mailboxes")
    limits = Meanwhile(redis, units, lambda: act(company, box))
    return replace(company, deps=replace(company.deps, limits=limits))


HISTORY, PROFILE, LABELS_LIST = 2, 1, 1


@pytest.mark.parametrize("meanwhile", [taken_over, taken_and_given_back, disconnect_gmail])
def test_a_sync_that_lost_its_mailbox_writes_nothing(
    meanwhile: Act, quiet_company: Company
) -> None:
    company = quiet_company
    box = company.connected()
    company.receives(**{"from": DANA})
    cursor = company.value("SELECT cursor FROM mailboxes")
    slow = interrupted(company, HISTORY, meanwhile)
    syncing.sync_mailbox(slow.deps, *company.key(box))
    assert company.rows(PLACE)[0][:2] == (cursor, 0)
    assert company.value("SELECT count(*) FROM messages") == 0


def test_a_lost_cursor_does_not_wake_a_mailbox_that_was_disconnected(
    quiet_company: Company,
) -> None:
    company = quiet_company
    box = company.connected()
    company.simulator.post("/simulator/faults", {"kind": "history_expired"})
    slow = interrupted(company, PROFILE, disconnect_gmail)
    syncing.sync_mailbox(slow.deps, *company.key(box))
    assert company.value("SELECT state FROM mailboxes") == "disconnected"
    assert company.rows("SELECT kind FROM import_runs") == [("import",)]


def test_an_import_reads_nothing_once_its_mailbox_is_disconnected(quiet_company: Company) -> None:
    company = quiet_company
    for number in range(3):
        company.receives(**{"from": DANA, "subject": f"Mail {number}"})
    company.connect()
    slow = interrupted(company, 5, disconnect_gmail)
    slow.work()
    assert company.value("SELECT count(*) FROM messages") == 0
    assert company.value("SELECT state FROM mailboxes") == "disconnected"


def test_a_comparison_that_was_overtaken_changes_no_label(quiet_company: Company) -> None:
    company = quiet_company
    gmail_id = company.receives(**{"from": DANA})
    box = company.connected()
    company.gmail().post(f"messages/{gmail_id}/modify", {"addLabelIds": ["STARRED"]})
    company.deps.jobs.enqueue(JobName.AUDIT_MAILBOX, *company.key(box))
    slow = interrupted(company, LABELS_LIST, taken_and_given_back)
    runs.audit_mailbox(slow.deps, *company.key(box))
    runs.import_mailbox(slow.deps, *company.key(box))
    assert "STARRED" not in company.value("SELECT labels FROM message_copies")
    assert company.rows("SELECT kind FROM import_runs WHERE finished_at IS NULL") == [("audit",)]
    runs.import_mailbox(company.deps, *company.key(box))
    assert "STARRED" in company.value("SELECT labels FROM message_copies")


def test_labels_that_are_not_compared_stay(
    quiet_company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    company = quiet_company
    company.receives(**{"from": DANA})
    box = company.connected()
    before = set(company.value("SELECT labels FROM message_copies"))
    monkeypatch.setattr("backend.services.importing.comparing.MOST_LABELS", 1)
    company.deps.jobs.enqueue(JobName.AUDIT_MAILBOX, *company.key(box))
    company.work()
    assert company.value("SELECT finished_at IS NOT NULL FROM import_runs WHERE kind = 'audit'")
    assert set(company.value("SELECT labels FROM message_copies")) == before >= {"INBOX", "UNREAD"}


def test_mail_from_before_the_import_is_not_listed_again(
    quiet_company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    company = quiet_company
    monkeypatch.setattr("backend.services.importing.listing.DATED_PAGE", 2)
    monkeypatch.setattr("backend.google.gmail.PAGE", 4)  # a list ends within such a page
    for name, value in (("import.mode", "last_n"), ("import.n", "4")):
        choose(company, name, value)
    for number in range(40):
        company.receives(**{"from": DANA, "subject": f"Mail {number}"})
    box = company.connected()
    assert company.value("SELECT count(*) FROM messages") == 4
    before = lists(company)
    company.deps.jobs.enqueue(JobName.AUDIT_MAILBOX, *company.key(box))
    company.work()
    assert company.value("SELECT finished_at IS NOT NULL FROM import_runs WHERE kind = 'audit'")
    assert lists(company) - before < 24  # to their ends, lists would take 40


def lists(company: Company) -> int:
    answer = requests.get(f"{company.simulator.root}/simulator/usage", timeout=10).json()
    return int(answer["users"][ROBIN]["calls"]["gmail.users.messages.list"])


def test_what_is_in_the_bin_and_known_to_be_is_not_asked_for(quiet_company: Company) -> None:
    company = quiet_company
    ids = [company.receives(**{"from": DANA, "subject": f"Mail {n}"}) for n in range(5)]
    box = company.connected()
    for gmail_id in ids:
        company.gmail().post(f"messages/{gmail_id}/trash", {})

    def asked() -> int:
        answer = requests.get(f"{company.simulator.root}/simulator/usage", timeout=10).json()
        return int(answer["users"][ROBIN]["calls"]["gmail.users.messages.get"])

    counts = [asked()]
    for _ in range(2):
        company.deps.jobs.enqueue(JobName.AUDIT_MAILBOX, *company.key(box))
        company.work()
        counts.append(asked())
    assert [after - before for before, after in pairwise(counts)] == [5, 0]
    assert company.value("SELECT count(*) FROM message_copies WHERE 'TRASH' = ANY(labels)") == 5


def test_live_mail_does_not_end_with_the_import_that_listed_it_too(quiet_company: Company) -> None:
    company = quiet_company
    box = company.connected()
    key = company.key(box)
    one, other = (Wanted(gmail_id=name, thread_id="t") for name in ("one", "other"))
    with company.deps.store.begin(key[0]) as session:
        for path in (IMPORT, LIVE, IMPORT):
            fetching.add(session, key, path, [one], now=company.deps.now())
        fetching.add(session, key, IMPORT, [other], now=company.deps.now())
        fetching.forget(session, box, IMPORT)
    assert company.rows("SELECT gmail_id, path FROM to_fetch") == [("one", LIVE)]


def test_gmail_may_name_any_number_of_messages_at_once(quiet_company: Company) -> None:
    company = quiet_company
    gmail_id = company.receives(**{"from": DANA})
    box = company.connected()
    many = [f"{number:016x}" for number in range(70_000)] + [gmail_id]
    read = LabelDelta(removed=frozenset({"UNREAD"}))
    with company.deps.store.begin(company.key(box)[0]) as session:
        assert len(decided.undecided(session, box, many)) == 70_000
        relabel(session, box, dict.fromkeys(many, read), follow=True)
        copies.bury(session, box, many, company.deps.now())
    assert "UNREAD" not in company.value("SELECT labels FROM message_copies")
    assert company.value("SELECT deleted_at IS NOT NULL FROM message_copies")


def test_a_refusal_nobody_expected_is_shown_on_the_mailbox(quiet_company: Company) -> None:
    company = quiet_company
    box = company.connected()
    fault = {"kind": "status", "match": "history.list", "params": {"code": 400}}
    company.simulator.post("/simulator/faults", fault)
    company.deps.jobs.enqueue(JobName.SYNC_MAILBOX, *company.key(box))
    company.work()
    told, resting = company.rows("SELECT last_error, paused_until > now() FROM mailboxes")[0]
    assert told.startswith("Gmail refused the request")
    assert resting


@pytest.mark.parametrize("what", ["read", "deleted"])
def test_what_changes_between_fetch_and_filing_is_not_filed_as_it_was(
    what: str, quiet_company: Company
) -> None:
    company = quiet_company
    gmail_id = company.receives(**{"from": DANA})
    box = company.connect()
    fetched: list[str] = []
    redis = Redis.from_url(str(company.settings.redis_url))
    limits = Meanwhile(redis, 20, lambda: fetched.append(gmail_id))

    def now() -> datetime:
        """The clock is looked at just after the fetch: then somebody is faster."""
        if fetched:
            changed(company, fetched.pop(), what)
            syncing.sync_mailbox(company.deps, *company.key(box))
        return company.deps.now()

    slow = replace(company.deps, limits=limits, now=now)
    runs.import_mailbox(slow, *company.key(box))
    assert company.value("SELECT count(*) FROM to_fetch") == 0
    if what == "read":
        assert "UNREAD" not in company.value("SELECT labels FROM message_copies")
    else:
        assert company.rows("SELECT outcome, reason FROM decisions") == [
            ("skipped", "message_gone")
        ]


def changed(company: Company, gmail_id: str, what: str) -> None:
    if what == "read":
        company.gmail().post(f"messages/{gmail_id}/modify", {"removeLabelIds": ["UNREAD"]})
    else:
        company.gmail().delete(f"messages/{gmail_id}")
