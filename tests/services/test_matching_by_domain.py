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
from tests.support.company import ANA, DANA, KIM, ROBIN, Company
from tests.support.open_mail import copies, nonce, opened

NORTHWIND = "northwind.example"
LEE = f"Lee Ward <lee@mail.{NORTHWIND}>"


def account(company: Company, name: str = "Northwind Traders") -> AccountId:
    return AccountId(company.value("SELECT id FROM accounts WHERE name = %s", name))


def choose(company: Company, value: str) -> None:
    admin = company.actor(ANA)
    settings.change_policy(company.deps, admin, name="match.by_domain", value=value)


def fill(company: Company, *, domain: str = "", **said: str) -> None:
    """Enter the domain of Northwind by hand, and what its traits say."""
    actor, one = company.actor(KIM), account(company)
    ids = {t.name: t.id for t in traits_view(company.deps, actor)}
    typed = {f"trait-{ids[name.replace('_', ' ')]}": value for name, value in said.items()}
    now = {field.name: field.value for field in accounts.form(company.deps, actor, one)}
    typed["domain"] = domain
    accounts.edit(
        company.deps, actor, one, {name: Typed(value, now[name]) for name, value in typed.items()}
    )


def sync(company: Company, mailbox_id: MailboxId) -> None:
    company.deps.jobs.enqueue(JobName.SYNC_MAILBOX, *company.key(mailbox_id))
    company.work()


def decided(company: Company) -> dict[str, str]:
    rows = company.rows("SELECT gmail_id, outcome || ':' || reason FROM decisions")
    return dict(rows)


def shown(company: Company, gmail_id: str) -> MessagePanel:
    return open_message(company.deps, company.actor(ROBIN), opened(company, gmail_id))


@pytest.mark.contract("S-16", "S-18", "S-19", "D-18")
def test_mail_is_filed_by_the_domain_in_the_named_trait(quiet_company: Company) -> None:
    company = quiet_company
    settings.add_trait(company.deps, company.actor(ANA), name="Web domain")
    fill(company, domain="elsewhere.example", Web_domain=f"https://www.{NORTHWIND}/de")
    choose(company, "Web domain")
    box = company.connected()
    from_lee = company.receives(ROBIN, **{"from": LEE})
    from_dana = company.receives(ROBIN, **{"from": DANA})
    other = company.receives(ROBIN, **{"from": "pat@elsewhere.example"})
    mei = company.receives(ROBIN, **{"from": "mei@fabrikam.example"})
    sync(company, box)
    assert decided(company) == {
        from_lee: "kept:matched_domain",
        from_dana: "kept:matched_domain",
        other: "skipped:no_account_known",
        mei: "skipped:no_account_known",
    }
    history = histories.account_history(
        company.deps, company.actor(ROBIN), account(company), ListQuery()
    )
    assert len(history.items) == 2
    assert company.rows("SELECT DISTINCT contact_id FROM participants") == [(None,)]
    lee = shown(company, from_lee)
    assert isinstance(lee, UnknownPerson)
    assert lee.refusal == "This email is filed under Northwind Traders. Nobody on it is a contact."
    dana = shown(company, from_dana)
    assert isinstance(dana, KnownPerson)
    assert dana.contact.name == "Dana Reyes"
    assert dana.log.logged
    said = why(company.deps, company.actor(ROBIN), asked=from_lee).decisions[0]
    assert said.sentence.startswith("Logged because lee@mail.northwind.example belongs")
    assert said.setting == "Matching by domain"


@pytest.mark.contract("D-18", "S-19")
def test_import_click_and_card_file_by_the_accounts_own_domain(quiet_company: Company) -> None:
    company = quiet_company
    choose(company, "Domain")
    fill(company, domain=NORTHWIND)
    earlier = company.receives(ROBIN, **{"from": LEE})
    unreached = copies(company, {"from": LEE, "to": [KIM], "subject": "For Kim"})[KIM]
    form = open_message(company.deps, company.actor(KIM), opened(company, unreached, KIM))
    assert isinstance(form, UnknownPerson)
    assert form.account is not None
    assert form.account.name == "Northwind Traders"
    logged = logging_mail.log(
        company.deps, company.actor(KIM), opened=opened(company, unreached, KIM), nonce=nonce()
    )
    assert logged.logged
    company.connected()
    assert decided(company) == {
        earlier: "kept:matched_domain",
        unreached: "kept:logged_by_click",
    }
    linked = company.rows("SELECT DISTINCT account_id FROM conversation_accounts")
    assert linked == [(account(company),)]


@pytest.mark.contract("D-18")
def test_free_mail_suffixes_and_our_own_domains_never_match(quiet_company: Company) -> None:
    company = quiet_company
    settings.add_trait(company.deps, company.actor(ANA), name="Sites")
    fill(company, Sites="gmail.com example co.uk lumenworks.example blogspot.com")
    choose(company, "Sites")
    box = company.connected()
    for sender in ("x@gmail.com", "x@a.co.uk", "x@sub.lumenworks.example", "x@b.blogspot.com"):
        company.receives(ROBIN, **{"from": sender})
    sync(company, box)
    assert set(decided(company).values()) == {"skipped:no_account_known"}
    with pytest.raises(InputError, match="is no mail domain of one company"):
        fill(company, Sites=f"{NORTHWIND} gmail.com")
    with pytest.raises(InputError, match="your team's own domain"):
        fill(company, Sites="lumenworks.example")


@pytest.mark.contract("S-18")
def test_the_setting_names_a_trait_that_is_there(quiet_company: Company) -> None:
    company, admin = quiet_company, quiet_company.actor(ANA)
    with pytest.raises(InputError, match="There is no trait “Sites”"):
        choose(company, "Sites")
    settings.add_trait(company.deps, admin, name="Sites")
    choose(company, "Sites")
    (trait,) = traits_view(company.deps, admin)
    with pytest.raises(InputError, match="Mail is matched by “Sites”"):
        settings.remove_trait(company.deps, admin, trait_id=trait.id)
    choose(company, "off")
    settings.remove_trait(company.deps, admin, trait_id=trait.id)
    assert traits_view(company.deps, admin) == ()
