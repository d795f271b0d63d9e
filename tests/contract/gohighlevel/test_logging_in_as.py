"""H, an admin logs in as a colleague: under a banner, without sending, under both names."""

import pytest

from tests.contract.member import Member
from tests.contract.product import Product

TEAM, BANNER = "/settings/team", "You are Ana Lindt, logged in as Robin Vale."


@pytest.mark.contract("H-8", "D-34")
def test_an_admin_logs_in_as_a_member_where_the_workspace_chose_so(
    product: Product, ana: Member, robin: Member, kim: Member
) -> None:
    customer = product.customer()
    pending = robin.writes(customer, subject="Waits", when="delay", delay="2")
    button = TEAM + "/{}/impersonation"
    member = ana.html(TEAM).partition("Robin Vale")[2].partition("/settings/team/")[2].split("/")[0]
    assert "Log in as" not in ana.page(TEAM)
    assert "Nobody can log in as somebody else" in ana.is_refused(button.format(member))
    with ana.chooses("D-34", **{"admin.impersonate": "on"}):
        assert "Only admins can work as another" in kim.is_refused(button.format(member))
        profile = ana.sends(button.format(member))
        assert all(one in profile for one in (BANNER, robin.email))
        assert all(BANNER in ana.page(page) for page in ("/", TEAM))
        mail = {"to": customer.address, "subject": "Not mine", "body_text": "Hi"}
        assert "only they can send mail" in ana.is_refused("/conversations", **mail)
        for path in (f"{pending}/departure", "/mailbox/connection", "/mailbox/sharing"):
            assert "only they can" in ana.is_refused(path, version="1", sharing="full")
        ana.sends("/mailbox/name", display_name="Robin Vale")
        assert "You are yourself again" in ana.sends("/impersonation/end")
        log = ana.page("/settings/audit-log")
        assert all(one in log for one in ("Ana Lindt, logged in as Robin", "Logged in as another"))
        again = product.visitor(ana.email)
        again.sign_in(ana.email)
        again.sends(button.format(member))
        assert BANNER in again.page("/")
    assert BANNER not in again.page("/")
    assert product.departures(pending) == []
