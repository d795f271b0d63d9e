"""The real client against the simulator: consent, tokens, keys, batches and history."""

import subprocess
import sys

import pytest
import requests

from backend.domain.ids import MailboxId
from backend.domain.mail.message import FetchedMessage
from backend.errors import ConsentRefused, HistoryExpired, MessageGone, ProviderUnavailable
from backend.google.apis import Access
from backend.google.oauth import CONNECT, MAILBOX_SCOPES, Grant
from backend.store.sealing import Sealer
from tests.support.office import DANA, KEY, ROBIN, Office, allow
from tests.support.simulator import PROJECT


def granted(office: Office, **changed: str) -> Grant:
    """Robin's grant, with parts of the way back replaced."""
    oauth = office.deps.google.oauth
    consent = oauth.consent(CONNECT, state="s", nonce="n", login_hint=ROBIN)
    code = allow(consent.url, ROBIN)["code"]
    told = {"verifier": consent.verifier, "nonce": "n", **changed}
    return oauth.exchange(code, CONNECT, verifier=told["verifier"], nonce=told["nonce"])


def test_a_code_needs_its_verifier_and_its_nonce(quiet_office: Office) -> None:
    office = quiet_office
    grant = granted(office)
    assert grant.email == ROBIN
    assert grant.scopes == set(MAILBOX_SCOPES)
    assert grant.refresh_token
    with pytest.raises(ConsentRefused, match="used already"):
        granted(office, verifier="another" * 10)
    with pytest.raises(ConsentRefused, match="could not be verified"):
        granted(office, nonce="another")


def test_googles_keys_are_fetched_once(quiet_office: Office) -> None:
    keys = quiet_office.deps.google.oauth.keys
    assert keys() is keys()


def test_each_part_of_a_batch_has_its_own_answer(quiet_office: Office) -> None:
    office = quiet_office
    ids = [office.receives(**{"from": DANA}) for _ in range(3)]
    gmail = office.deps.google.mailbox(access(office), lambda _: None)
    busy = {"kind": "status", "match": {"message": ids[1]}, "params": {"code": 503}}
    office.simulator.post("/simulator/faults", busy)
    answers = gmail.fetch([*ids, "00000000000000ff"])
    assert isinstance(answers[ids[0]], FetchedMessage)
    assert isinstance(answers[ids[1]], ProviderUnavailable)
    assert isinstance(answers[ids[2]], FetchedMessage)
    assert isinstance(answers["00000000000000ff"], MessageGone)


def access(office: Office) -> Access:
    mailbox_id = office.connect(ROBIN)
    sealed = office.value("SELECT sealed_token FROM mailboxes")
    token = Sealer([KEY]).open(sealed, context=f"mailbox-token:{mailbox_id}")
    return Access(MailboxId(mailbox_id), token)


def test_an_old_cursor_is_expired_and_not_gone(quiet_office: Office) -> None:
    gmail = quiet_office.deps.google.mailbox(access(quiet_office), lambda _: None)
    with pytest.raises(HistoryExpired):
        gmail.history(1)


def test_a_revoked_grant_is_over(quiet_office: Office) -> None:
    office = quiet_office
    refresh = str(granted(office).refresh_token)
    office.deps.google.oauth.revoke(refresh)
    answer = requests.post(
        office.deps.google.roots.token,
        data={
            "grant_type": "refresh_token",
            "refresh_token": refresh,
            "client_id": office.settings.google_client_id,
            "client_secret": office.settings.google_client_secret,
        },
        timeout=20,
    )
    assert answer.json()["error"] == "invalid_grant"


def test_the_web_does_not_pay_for_googles_big_client() -> None:
    code = "import sys, backend.wsgi; sys.exit('googleapiclient' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=PROJECT, check=False).returncode == 0
