"""What each member sets for their own address: how replies thread, and which others are theirs."""

from base64 import urlsafe_b64decode

from tests.console.conftest import Visitor, words
from tests.support.company import DANA, KIM, ROBIN, Company

ALIAS = "robin.vale@lumenworks.example"


def test_replies_of_one_address_repeat_earlier_mails_and_those_of_others_do_not(
    connected: Visitor, quiet_company: Company
) -> None:
    company = quiet_company
    company.receives(ROBIN, **{"from": DANA, "subject": "Seats", "text": "Five more?"})
    company.connected(ROBIN)
    thread = company.value("SELECT id FROM conversations")
    assert connected.post("/mailbox/replies", quote="all").status_code == 422
    sent: list[str] = []
    for choice in ("history", "single"):
        connected.post("/mailbox/replies", quote=choice)
        connected.post(f"/conversations/{thread}/replies", to=DANA, body_text=choice)
        later = company.later(minutes=len(sent) * 5)
        later.sweep()
        (found, *_) = company.gmail(ROBIN).get("messages", labelIds="SENT")["messages"]
        raw = company.gmail(ROBIN).get(f"messages/{found['id']}", format="raw")["raw"]
        sent.append(urlsafe_b64decode(raw + "==").decode())
    assert "Five more" in sent[0]
    assert "Five more" not in sent[1]
    assert 'value="single" selected' in connected.get("/settings/email").get_data(as_text=True)


def test_members_list_further_addresses_of_their_own_company(
    connected: Visitor, quiet_company: Company
) -> None:
    for address, why in [
        (KIM, "belongs to a colleague"),
        (DANA, "Only an address of your own company"),
        ("nobody", "not an email address"),
    ]:
        answer = connected.post("/mailbox/aliases", alias=address)
        assert answer.status_code == 422
        assert why in words(answer), address
    page = connected.follow(connected.post("/mailbox/aliases", alias=ALIAS))
    assert f"{ALIAS} Listed by you" in page
    listed = quiet_company.rows("SELECT key, source FROM mailbox_aliases WHERE key = %s", ALIAS)
    assert listed == [(ALIAS, "member")]
    for said in ("Removed.", "not listed any more"):
        assert said in connected.follow(connected.post("/mailbox/aliases/removal", alias=ALIAS))
    assert quiet_company.rows("SELECT 1 FROM mailbox_aliases WHERE key = %s", ALIAS) == []
