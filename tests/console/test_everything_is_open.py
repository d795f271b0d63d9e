"""A self-hosted installation has no plans: everybody who has the role has the feature."""

import pytest
from flask import url_for

from backend.console.navigation import ENTRIES
from backend.domain.people.roles import Permission, Role, allowed
from backend.domain.policies import LATER, SETTINGS, Level
from backend.queries.settings.policies import policies_view
from tests.console.conftest import Visitor, words
from tests.support.company import ANA, ROBIN, Company


@pytest.mark.contract("K-42")
def test_an_admin_reaches_every_page_and_setting_of_a_bare_installation(
    ana: Visitor, quiet_company: Company
) -> None:
    with ana.client.application.test_request_context():
        paths = [url_for(entry.endpoint) for entry in ENTRIES]
    for path in paths:
        assert ana.get(path).status_code == 200, path
    for permission in Permission:
        one_way = [allowed(Role.ADMIN, permission, own=own) for own in (True, False)]
        assert any(one_way), permission
    view = policies_view(quiet_company.deps, quiet_company.actor(ANA))
    changeable = {one.name for policy in view for one in policy.settings if one.changeable}
    of_workspace = {name for name, one in SETTINGS.items() if Level.WORKSPACE in one.levels}
    assert changeable == of_workspace - set(LATER)


@pytest.mark.contract("S-3")
def test_only_an_admin_of_google_workspace_can_trust_the_app(ana: Visitor, robin: Visitor) -> None:
    assert "A super admin of Google Workspace does this once" in ana.page("/setup")
    answer = robin.get("/setup")
    assert answer.status_code == 403
    assert "Only admins can" in words(answer)
    assert "Admin setup" not in robin.page("/")


@pytest.mark.contract("K-14")
def test_the_display_name_is_seen_when_an_email_is_started(connected: Visitor) -> None:
    connected.post("/mailbox/name", display_name="Lumen Success")
    assert f"as Lumen Success, {ROBIN}" in connected.page("/conversations/new")
