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
from tests.support.company import DANA, KEY, ROBIN, Company, allow
from tests.support.simulator import PROJECT


def granted(company: Company, **changed: str) -> Grant:
    """Robin's grant, with parts of the way back replaced."""
    oauth = company.deps.google.oauth
    consent = oauth.consent(CONNECT, state="s", nonce="n", login_hint=ROBIN)
    code = allow(consent.url, ROBIN)["code"]
    told = {"verifier": consent.verifier, "nonce": "n", **changed}
    return oauth.exchange(code, CONNECT, verifier=told["verifier"], nonce=told["nonce"])


def test_a_code_needs_its_verifier_and_its_nonce(quiet_company: Company) -> None:
    company = quiet_company
    grant = granted(company)
    assert grant.email == ROBIN
    assert grant.scopes == set(MAILBOX_SCOPES)
    assert grant.refresh_token
    with pytest.raises(ConsentRefused, match="used already"):
        granted(company, verifier="another" * 10)
    with pytest.raises(ConsentRefused, match="could not be verified"):
        granted(company, nonce="another")


def test_googles_keys_are_fetched_once(quiet_company: Company) -> None:
    keys = quiet_company.deps.google.oauth.keys
    assert keys() is keys()


def test_each_part_of_a_batch_has_its_own_answer(quiet_company: Company) -> None:
    company = quiet_company
    ids = [company.receives(**{"from": DANA}) for _ in range(3)]
    gmail = company.deps.google.mailbox(access(company), lambda _: None)
    busy = {"kind": "status", "match": {"message": ids[1]}, "params": {"code": 503}}
    company.simulator.post("/simulator/faults", busy)
    answers = gmail.fetch([*ids, "00000000000000ff"])
    assert isinstance(answers[ids[0]], FetchedMessage)
    assert isinstance(answers[ids[1]], ProviderUnavailable)
    assert isinstance(answers[ids[2]], FetchedMessage)
    assert isinstance(answers["00000000000000ff"], MessageGone)


def access(company: Company) -> Access:
    mailbox_id = company.connect(ROBIN)
    sealed = company.value("SELECT sealed_token FROM mailboxes")
    token = Sealer([KEY]).open(sealed, context=f"mailbox-token:{mailbox_id}")
    return Access(MailboxId(mailbox_id), token)


def test_an_old_cursor_is_expired_and_not_gone(quiet_company: Company) -> None:
    gmail = quiet_company.deps.google.mailbox(access(quiet_company), lambda _: None)
    with pytest.raises(HistoryExpired):
        gmail.history(1)


def test_a_revoked_grant_is_over(quiet_company: Company) -> None:
    company = quiet_company
    refresh = str(granted(company).refresh_token)
    company.deps.google.oauth.revoke(refresh)
    answer = requests.post(
        company.deps.google.roots.token,
        data={
            "grant_type": "refresh_token",
            "refresh_token": refresh,
            "client_id": company.settings.google_client_id,
            "client_secret": company.settings.google_client_secret,
        },
        timeout=20,
    )
    assert answer.json()["error"] == "invalid_grant"


def test_the_web_does_not_pay_for_googles_big_client() -> None:
    code = "import sys, backend.wsgi; sys.exit('googleapiclient' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=PROJECT, check=False).returncode == 0
