"""Mail is filed by the mail domains of accounts, where an admin chose the trait that holds them."""

import pytest

from backend.domain.customers.edits import Typed
from backend.domain.ids import AccountId, MailboxId
from backend.domain.paging import ListQuery
from backend.domain.summaries.panel import KnownPerson, MessagePanel, UnknownPerson
from backend.errors import InputError
from backend.jobs import JobName
from backend.queries import histories
from backend.queries.panel.message import open_message
from backend.queries.settings.account_traits import traits_view
from backend.queries.why import why
from backend.services import accounts, logging_mail, settings
from tests.support.office import ANA, DANA, KIM, ROBIN, Office
from tests.support.open_mail import copies, nonce, opened

NORTHWIND = "northwind.example"
LEE = f"Lee Ward <lee@mail.{NORTHWIND}>"


def account(office: Office, name: str = "Northwind Traders") -> AccountId:
    return AccountId(office.value("SELECT id FROM accounts WHERE name = %s", name))


def choose(office: Office, value: str) -> None:
    admin = office.actor(ANA)
    settings.change_policy(office.deps, admin, name="match.by_domain", value=value)


def fill(office: Office, *, domain: str = "", **said: str) -> None:
    """Enter the domain of Northwind by hand, and what its traits say."""
    actor, one = office.actor(KIM), account(office)
    ids = {t.name: t.id for t in traits_view(office.deps, actor)}
    typed = {f"trait-{ids[name.replace('_', ' ')]}": value for name, value in said.items()}
    now = {field.name: field.value for field in accounts.form(office.deps, actor, one)}
    typed["domain"] = domain
    accounts.edit(
        office.deps, actor, one, {name: Typed(value, now[name]) for name, value in typed.items()}
    )


def sync(office: Office, mailbox_id: MailboxId) -> None:
    office.deps.jobs.enqueue(JobName.SYNC_MAILBOX, *office.key(mailbox_id))
    office.work()


def decided(office: Office) -> dict[str, str]:
    rows = office.rows("SELECT gmail_id, outcome || ':' || reason FROM decisions")
    return dict(rows)


def shown(office: Office, gmail_id: str) -> MessagePanel:
    return open_message(office.deps, office.actor(ROBIN), opened(office, gmail_id))


@pytest.mark.contract("S-16", "S-18", "S-19", "D-18")
def test_mail_is_filed_by_the_domain_in_the_named_trait(quiet_office: Office) -> None:
    office = quiet_office
    settings.add_trait(office.deps, office.actor(ANA), name="Web domain")
    fill(office, domain="elsewhere.example", Web_domain=f"https://www.{NORTHWIND}/de")
    choose(office, "Web domain")
    box = office.connected()
    from_lee = office.receives(ROBIN, **{"from": LEE})
    from_dana = office.receives(ROBIN, **{"from": DANA})
    other = office.receives(ROBIN, **{"from": "pat@elsewhere.example"})
    mei = office.receives(ROBIN, **{"from": "mei@fabrikam.example"})
    sync(office, box)
    assert decided(office) == {
        from_lee: "kept:matched_domain",
        from_dana: "kept:matched_domain",
        other: "skipped:no_account_known",
        mei: "skipped:no_account_known",
    }
    history = histories.account_history(
        office.deps, office.actor(ROBIN), account(office), ListQuery()
    )
    assert len(history.items) == 2
    assert office.rows("SELECT DISTINCT contact_id FROM participants") == [(None,)]
    lee = shown(office, from_lee)
    assert isinstance(lee, UnknownPerson)
    assert lee.refusal == "This email is filed under Northwind Traders. Nobody on it is a contact."
    dana = shown(office, from_dana)
    assert isinstance(dana, KnownPerson)
    assert dana.contact.name == "Dana Reyes"
    assert dana.log.logged
    said = why(office.deps, office.actor(ROBIN), asked=from_lee).decisions[0]
    assert said.sentence.startswith("Logged because lee@mail.northwind.example belongs")
    assert said.setting == "Matching by domain"


@pytest.mark.contract("D-18", "S-19")
def test_import_click_and_card_file_by_the_accounts_own_domain(quiet_office: Office) -> None:
    office = quiet_office
    choose(office, "Domain")
    fill(office, domain=NORTHWIND)
    earlier = office.receives(ROBIN, **{"from": LEE})
    unreached = copies(office, {"from": LEE, "to": [KIM], "subject": "For Kim"})[KIM]
    form = open_message(office.deps, office.actor(KIM), opened(office, unreached, KIM))
    assert isinstance(form, UnknownPerson)
    assert form.account is not None
    assert form.account.name == "Northwind Traders"
    logged = logging_mail.log(
        office.deps, office.actor(KIM), opened=opened(office, unreached, KIM), nonce=nonce()
    )
    assert logged.logged
    office.connected()
    assert decided(office) == {
        earlier: "kept:matched_domain",
        unreached: "kept:logged_by_click",
    }
    linked = office.rows("SELECT DISTINCT account_id FROM conversation_accounts")
    assert linked == [(account(office),)]


@pytest.mark.contract("D-18")
def test_free_mail_suffixes_and_our_own_domains_never_match(quiet_office: Office) -> None:
    office = quiet_office
    settings.add_trait(office.deps, office.actor(ANA), name="Sites")
    fill(office, Sites="gmail.com example co.uk lumenworks.example blogspot.com")
    choose(office, "Sites")
    box = office.connected()
    for sender in ("x@gmail.com", "x@a.co.uk", "x@sub.lumenworks.example", "x@b.blogspot.com"):
        office.receives(ROBIN, **{"from": sender})
    sync(office, box)
    assert set(decided(office).values()) == {"skipped:no_account_known"}
    with pytest.raises(InputError, match="is no mail domain of one company"):
        fill(office, Sites=f"{NORTHWIND} gmail.com")
    with pytest.raises(InputError, match="your team's own domain"):
        fill(office, Sites="lumenworks.example")


@pytest.mark.contract("S-18")
def test_the_setting_names_a_trait_that_is_there(quiet_office: Office) -> None:
    office, admin = quiet_office, quiet_office.actor(ANA)
    with pytest.raises(InputError, match="There is no trait “Sites”"):
        choose(office, "Sites")
    settings.add_trait(office.deps, admin, name="Sites")
    choose(office, "Sites")
    (trait,) = traits_view(office.deps, admin)
    with pytest.raises(InputError, match="Mail is matched by “Sites”"):
        settings.remove_trait(office.deps, admin, trait_id=trait.id)
    choose(office, "off")
    settings.remove_trait(office.deps, admin, trait_id=trait.id)
    assert traits_view(office.deps, admin) == ()
