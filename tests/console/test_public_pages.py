"""The pages that a Marketplace listing links to: open to everybody, with every scope explained."""

from addon.routing import ASKED_FOR
from backend.domain.oauth.justifications import JUSTIFICATIONS
from backend.google.oauth import MAILBOX_SCOPES
from tests.console.conftest import visitor, words
from tests.support.company import Company


def test_privacy_terms_and_support_need_no_sign_in(quiet_company: Company) -> None:
    somebody = visitor(quiet_company)
    host = quiet_company.deps.public_url.partition("://")[2]
    pages = {path: somebody.page(path) for path in ("/privacy", "/terms", "/support")}
    assert all(host in text for text in pages.values())
    assert "Limited Use requirements" in pages["/privacy"]
    for scope in (*MAILBOX_SCOPES, *ASKED_FOR):
        assert scope.rpartition("/")[2] in pages["/privacy"]
        assert JUSTIFICATIONS[scope].not_narrower in pages["/privacy"]
    assert set(JUSTIFICATIONS) == {*MAILBOX_SCOPES, *ASKED_FOR}
    assert "without warranty" in pages["/terms"]
    assert "connections" in words(somebody.get("/support"))
