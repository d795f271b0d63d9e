"""What was typed survives a refusal: the page comes back with it, and the error at its field."""

from html import unescape

from backend.console.sessions import COOKIE
from tests.console.conftest import Visitor, words
from tests.support.company import DANA, Company

LONG = "far too long " * 900
FORMS: dict[str, tuple[str, str, dict[str, str]]] = {
    "a new conversation": (
        "/conversations",
        "to",
        {"to": "nobody at all", "subject": "Typed words", "body_text": "More words"},
    ),
    "a date that is none": (
        "/conversations",
        "due_at",
        {
            "to": DANA,
            "subject": "Typed words",
            "body_text": "x",
            "when": "date",
            "due_at": "soon-ish",
        },
    ),
    "a pending mail": (
        "{letter}",
        "to",
        {"to": "nobody <", "subject": "Typed words", "version": "1"},
    ),
    "another date": ("{letter}/schedule", "due_at", {"due_at": "soon-ish", "version": "1"}),
    "limits": ("/settings/email", "daily_limit", {"daily_limit": "plenty", "signature": "Typed"}),
    "a window": (
        "/settings/email",
        "window-0-start",
        {"daily_limit": "50", "window-0-days": "mon", "window-0-start": "quarter"},
    ),
    "a name": ("/mailbox/name", "display_name", {"display_name": LONG}),
    "an address to connect": ("/mailboxes", "address", {"address": "no address"}),
    "an address to move to": ("/mailbox/address", "address", {"address": "no address"}),
    "a further address": ("/mailboxes/{mailbox}/aliases", "address", {"address": "no address"}),
    "people to invite": (
        "/settings/team",
        "email",
        {"email": "no address", "role": "leader", "then": "first-steps"},
    ),
    "a domain": ("/settings/team/domains", "domain", {"domain": "no domain"}),
    "a word never to log": (
        "/settings/never-log",
        "value",
        {"kind": "address", "value": "no address", "scope": "workspace"},
    ),
    "a trait": ("/settings/account-traits", "name", {"name": LONG}),
    "an account": ("/accounts/{account}", "domain", {"domain": "no domain"}),
    "a policy": ("/settings/policies/D-1", "import.n", {"import.n": "plenty"}),
}


def test_it_comes_back_with_the_error_at_its_field(
    quiet_company: Company, ana: Visitor, letter: str, robin: Visitor
) -> None:
    places = {
        "letter": letter,
        "mailbox": quiet_company.value("SELECT min(id) FROM mailboxes"),
        "account": quiet_company.value("SELECT min(id) FROM accounts"),
    }
    own = ("{letter}", "/mailbox/", "/settings/email", "/conversations")
    lost = {}
    for called, (path, wrong, typed) in FORMS.items():
        one = robin if path.startswith(own) else ana
        answer = one.post(path.format(**places), **typed)
        shown = unescape(answer.get_data(as_text=True))
        missing = [value for value in typed.values() if value.strip() not in shown]
        if answer.status_code != 422 or missing or f'id="f-{wrong}-wrong"' not in shown:
            lost[called] = (answer.status_code, missing, shown.count("-wrong"))
    assert lost == {}


def test_a_written_mail_survives_a_page_that_only_says_what_went_wrong(robin: Visitor) -> None:
    mail = {"to": DANA, "body_text": "An hour of <words>"}
    gone = robin.post("/conversations/99999/replies", **mail)
    too_old = robin.client.post("/conversations", data=mail)
    robin.client.delete_cookie(COOKIE)
    signed_out = robin.client.post("/conversations", data=mail)
    assert [one.status_code for one in (gone, too_old, signed_out)] == [404, 400, 401]
    for answer in (gone, too_old, signed_out):
        assert "readonly>\nAn hour of &lt;words&gt;</textarea>" in answer.get_data(as_text=True)
        assert f"To {DANA}" in words(answer)
