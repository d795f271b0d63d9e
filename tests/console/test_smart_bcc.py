"""Smart BCC in the console: the addresses and replacing one."""

import re

import pytest
from selectolax.lexbor import LexborHTMLParser, LexborNode

from tests.console.conftest import Visitor, member
from tests.support.company import ANA, CAPTURE_DOMAIN, KIM, Company

PAGE = "/settings/email"
ADDRESS = re.compile(rf"log-[a-z2-7]{{20}}@{CAPTURE_DOMAIN}")


def part(visitor: Visitor) -> LexborNode:
    """The section of the page."""
    tree = LexborHTMLParser(visitor.get(PAGE).get_data(as_text=True))
    found = tree.css_first("section[aria-labelledby=smart-bcc]")
    assert found is not None
    return found


def fields(visitor: Visitor) -> dict[str, str]:
    """The addresses by their labels."""
    found = part(visitor)
    values = {one.attributes["id"]: str(one.attributes["value"]) for one in found.css("input[id]")}
    return {one.text(strip=True): values[one.attributes["for"]] for one in found.css("label")}


def replacements(visitor: Visitor) -> list[str]:
    return [str(form.attributes["action"]) for form in part(visitor).css("form")]


@pytest.mark.contract("H-29")
def test_each_member_sees_an_address_of_their_own_and_the_workspaces(
    robin: Visitor, quiet_company: Company
) -> None:
    own, kims = fields(robin), fields(member(quiet_company, KIM))
    assert list(own) == ["Your address", "Address of the workspace"]
    assert all(ADDRESS.fullmatch(one) for one in own.values())
    assert own["Your address"] != kims["Your address"]
    assert own["Address of the workspace"] == kims["Address of the workspace"]
    assert "Copy" in robin.page(PAGE)


def test_a_replaced_address_keeps_working_for_two_weeks_and_says_so(
    robin: Visitor, quiet_company: Company
) -> None:
    before = fields(robin)["Your address"]
    (replace,) = replacements(robin)
    assert "keeps working for 14 days" in robin.follow(robin.post(replace))
    after = fields(robin)
    assert after["Your address, replaced"] == before
    assert after["Your address"] != before
    assert "Works until" in robin.page(PAGE)
    assert "was replaced already" in robin.follow(robin.post(replace))


def test_only_admins_replace_the_workspaces_address(robin: Visitor, quiet_company: Company) -> None:
    own, workspace = replacements(member(quiet_company, ANA))
    assert robin.post(workspace).status_code == 403
    assert robin.post(own).status_code == 404
