"""Old secret keys are retired: what they sealed is sealed again, and hashes stay comparable."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest

from backend.cli.keys import sentences
from backend.deps import Deps
from backend.domain.ids import ContactId, MailboxId, WorkspaceId
from backend.errors import ConfigurationError
from backend.queries import contacts
from backend.services import rotating, signing_in, subscriptions
from backend.services.subscriptions import Subscription
from backend.store import credentials
from backend.store.models import Base
from backend.wiring import build_deps
from backend.wsgi import load_before_forking
from tests.support.company import DANA, KEY, KIM, ROBIN, Company
from tests.support.round_trips import counted

NEW = "kU4e8Gm0tq-6sVb2yXw9Rj3nLc7hZ1pA5dFf"
THIRD = "Zq7Lm2Xc9Vb4Nn6Kj8Hg1Fd3Sa5Po0IuYtRe"


@contextmanager
def installation(company: Company, *keys: str) -> Iterator[Deps]:
    """A process that was started with these keys."""
    deps = build_deps(replace(company.settings, secret_keys=keys))
    try:
        yield deps
    finally:
        deps.store.dispose()


def token_of(deps: Deps, company: Company, email: str) -> str:
    mailbox = MailboxId(company.value("SELECT id FROM mailboxes WHERE email = %s", email))
    with deps.store.begin(company.actor().workspace_id) as session:
        return credentials.refresh_token(session, deps.sealer, mailbox)


def test_after_a_rotation_the_new_key_alone_is_enough(quiet_company: Company) -> None:
    company = quiet_company
    company.connect(ROBIN)
    dana = ContactId(company.value("SELECT contact_id FROM contact_addresses WHERE key = %s", DANA))
    subscriptions.switch(
        company.deps, company.actor(), contacts=[dana], to=Subscription.UNSUBSCRIBED
    )
    kept = token_of(company.deps, company, ROBIN)
    with installation(company, NEW) as alone, pytest.raises(ConfigurationError):
        contacts.contact(alone, company.actor(), dana)

    with installation(company, NEW, KEY) as both:
        rotated = rotating.rotate_keys(both)
        assert (rotated.mailboxes, rotated.key_of_hashes, rotated.done) == (1, True, True)
        assert sentences(rotated)[-1].startswith("Nothing depends on an older key.")
        again = rotating.rotate_keys(both)
        assert (again.mailboxes, again.key_of_hashes, again.done) == (0, False, True)

    with installation(company, NEW) as alone:
        assert token_of(alone, company, ROBIN) == kept
        shown = contacts.contact(alone, company.actor(), dana)
        assert (shown.write_block or "").startswith("Unsubscribed")


def test_what_still_depends_on_an_older_key_is_told(quiet_company: Company) -> None:
    company = quiet_company
    company.connect(ROBIN)
    with installation(company, KEY) as old:
        signing_in.begin(old, return_to="/")
    with installation(company, THIRD, KEY) as other:
        replace(company, deps=other).connect(KIM)
    kims = company.value("SELECT id FROM mailboxes WHERE email = %s", KIM)
    with installation(company, NEW, KEY) as both:
        rotated = rotating.rotate_keys(both)
    assert rotated.lost == (kims,)
    assert rotated.open_ways == 1
    assert rotated.mailboxes == 1
    assert not rotated.done
    told = " ".join(sentences(rotated))
    assert f"a key that is not in the list: {kims}." in told
    assert "again in ten minutes" in told
    with installation(company, NEW, THIRD, KEY) as all_three:
        assert rotating.rotate_keys(all_three).mailboxes == 1


def test_forked_processes_have_the_key_of_hashes_before_the_first_card(
    quiet_company: Company,
) -> None:
    with installation(quiet_company, KEY) as deps:
        load_before_forking(deps)
        with counted() as sent:
            deps.keyed_hash.of(WorkspaceId(1), DANA)
        assert sent.round_trips == 0
    with installation(quiet_company, NEW) as alone, pytest.raises(ConfigurationError):
        load_before_forking(alone)


def test_every_sealed_column_is_known_to_the_rotation() -> None:
    sealed = {
        f"{table.name}.{column.name}"
        for table in Base.metadata.tables.values()
        for column in table.columns
        if column.name.startswith("sealed")
    }
    assert sealed == {
        "installation_keys.sealed",
        "mailboxes.sealed_token",
        "oauth_attempts.sealed_grant",
        "oauth_attempts.sealed_verifier",
    }
