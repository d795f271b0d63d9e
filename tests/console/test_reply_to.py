"""Mail that was written by somebody else than From says, or is answered to somebody else."""

import base64

import pytest

from tests.console.conftest import Visitor, member
from tests.support.company import DANA, KIM, ROBIN, Company
from tests.support.decisions import share

BOUGHT = "Purchasing <purchasing@northwind.example>"
AWAY = "dana@n0rthwind.example"
LIST = {
    "From": "'Dana Reyes' via Support <support@lumenworks.example>",
    "To": "support@lumenworks.example",
    "Reply-To": f"Dana Reyes <{DANA}>",
    "X-Original-From": f"Dana Reyes <{DANA}>",
    "List-ID": "<support.lumenworks.example>",
    "Precedence": "list",
}
DIRECT = {"From": f"Dana Reyes <{DANA}>", "To": "support@lumenworks.example"}


def arrives(company: Company, headers: dict[str, str], *to: str) -> None:
    """A whole mail with exactly these headers."""
    same = {"Subject": "Hello", "Message-ID": "<case@bugs.example>"}
    same |= {"Date": "Thu, 26 Nov 2026 09:00:00 +0000"}
    lines = [f"{name}: {value}" for name, value in {**headers, **same}.items()]
    raw = "\r\n".join([*lines, "", "Hello Robin.", ""]).encode()
    body = {"raw_base64": base64.b64encode(raw).decode(), "to": list(to or (ROBIN,))}
    company.simulator.post("/simulator/mail", body)


def test_mail_through_a_list_of_ours_is_its_writers_and_one_with_the_direct_copy(
    quiet_company: Company, robin: Visitor
) -> None:
    arrives(quiet_company, LIST)
    arrives(quiet_company, DIRECT, KIM)
    quiet_company.connected(ROBIN)
    quiet_company.connected(KIM)
    text = robin.page("/why?message=case@bugs.example")
    assert "Logged because dana@northwind.example, who sent it, is a known contact" in text
    assert quiet_company.rows(
        "SELECT sender_name, sender_address, mail_kind, outgoing FROM messages"
    ) == [("Dana Reyes", DANA, "human", False)]
    place = quiet_company.value("SELECT id FROM conversations")
    assert f'value="{DANA}"' in robin.get(f"/conversations/{place}").get_data(as_text=True)
    assert "They wrote last" in robin.page("/conversations")


def test_what_only_says_that_it_came_through_a_list_is_nobodys(
    quiet_company: Company, robin: Visitor
) -> None:
    arrives(quiet_company, {**LIST, "Reply-To": "Lee <lee@else.example>"})
    quiet_company.connected(ROBIN)
    assert "Not logged" in robin.page("/why?message=case@bugs.example")


@pytest.mark.parametrize(
    ("reply_to", "to", "marked"),
    [
        (BOUGHT, "purchasing@northwind.example", False),
        (f"{BOUGHT}, jon@adatum.example", "purchasing@northwind.example, jon@adatum.example", True),
        (AWAY, AWAY, True),
        (f"Dana <{DANA}>", DANA, False),
        (f"Robin <{ROBIN}>", DANA, False),  # an answer to us alone goes nowhere
    ],
)
def test_answers_go_where_reply_to_says_and_one_that_leads_away_is_marked(
    quiet_company: Company, robin: Visitor, reply_to: str, to: str, *, marked: bool
) -> None:
    headers = {"From": f"Dana Reyes <{DANA}>", "To": ROBIN, "Reply-To": reply_to}
    arrives(quiet_company, headers)
    quiet_company.connected(ROBIN)
    place = quiet_company.value("SELECT id FROM conversations")
    page = robin.get(f"/conversations/{place}").get_data(as_text=True)
    assert f'value="{to}"' in page
    said = robin.page(f"/conversations/{place}")
    assert (f"Answers go to {to} instead of {DANA}" in said) is (to != DANA)
    assert ("none of the domains of Northwind" in said) is marked


def test_what_reply_to_names_is_as_private_as_the_mail(
    quiet_company: Company, robin: Visitor
) -> None:
    arrives(quiet_company, {"From": DANA, "To": ROBIN, "Reply-To": AWAY})
    quiet_company.connected(ROBIN)
    share(quiet_company, "subject")
    place = quiet_company.value("SELECT id FROM conversations")
    assert AWAY in robin.page(f"/conversations/{place}")
    assert AWAY not in member(quiet_company, KIM).page(f"/conversations/{place}")
