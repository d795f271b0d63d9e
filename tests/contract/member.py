"""Somebody of the team: a browser with the console, the side panel, and their own Gmail."""

import base64
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import TYPE_CHECKING, Any
from urllib.parse import quote_plus, urlencode

from selectolax.lexbor import LexborHTMLParser
from werkzeug.test import TestResponse

from tests.addon.panel import Shown
from tests.console.conftest import Visitor, at, words
from tests.support.company import GmailAccount

if TYPE_CHECKING:
    from tests.contract.product import Mail, Product

SETTINGS = "/settings/email"
LIST_ALONE = {"HX-Request": "true"}
"""As a page asks when a filter of its list is changed."""

BEFORE_IT_ENDS = timedelta(hours=11)
"""A session that is not used ends soon after."""

VERSION = re.compile(r'name="version" value="(\d+)"')


@dataclass(frozen=True)
class Member(Visitor):
    """Signed in. Pages are read as their words, forms sent as a browser sends them."""

    product: "Product"
    email: str
    session: dict[str, Any] = field(default_factory=dict)

    def token(self) -> str:
        """The session's CSRF token, the same in every form."""
        if "token" not in self.session:
            self.session["token"] = super().token()
        return str(self.session["token"])

    def get(self, path: str, **headers: str) -> TestResponse:
        """After a night somebody who had signed in signs in again."""
        now = self.product.clock()
        ends = self.session.get("ends", now)
        if self.email and now > ends:
            del self.session["ends"], self.session["token"]
            self.sign_in(self.email)
        self.session["ends"] = now + BEFORE_IT_ENDS
        return super().get(path, **headers)

    def post(self, path: str, **form: Any) -> TestResponse:
        """Sends a form; signs in again when the session has ended."""
        if self.product.clock() > self.session.get("ends", self.product.clock()):
            self.get("/help")
        return super().post(path, **form)

    def html(self, path: str, **headers: str) -> str:
        """The page as it is written."""
        answer = self.get(path, **headers)
        assert answer.status_code == 200, (path, answer.status_code, words(answer)[:500])
        return answer.get_data(as_text=True)

    def link(self, path: str, text: str, **headers: str) -> str:
        """Where the link with this text leads."""
        for one in LexborHTMLParser(self.html(path, **headers)).css("a[href]"):
            if text in one.text():
                return str(one.attributes["href"])
        raise AssertionError((text, self.page(path)[:2000]))

    def action(self, path: str, row: str, ending: str) -> str:
        """Where the form of this row leads whose address ends so."""
        for form in LexborHTMLParser(self.html(path)).css(f'form[action$="{ending}"]'):
            holder = form.parent
            while holder is not None and holder.tag != "li":
                holder = holder.parent
            if holder is not None and row in holder.text():
                return str(form.attributes["action"])
        raise AssertionError((row, ending, self.page(path)))

    def fields(self, path: str, action: str) -> dict[str, Any]:
        """What the form with this action holds when nobody touches it."""
        form = LexborHTMLParser(self.html(path)).css_first(f'form[action="{action}"]')
        assert form is not None, (path, action)
        return _held(form)

    def sends(self, path: str, **form: Any) -> str:
        """The words of the page that a form leads to."""
        answer = self.post(path, **form)
        if answer.status_code == 303:
            return self.follow(answer)
        raise AssertionError((path, answer.status_code, words(answer)[-1500:]))

    def is_refused(self, path: str, **form: Any) -> str:
        """The words of the page on which a form is refused."""
        answer = self.post(path, **form)
        assert answer.status_code in {403, 404, 409, 422}, (path, answer.status_code)
        return words(answer)

    @contextmanager
    def chooses(self, policy: str, **values: Any) -> Iterator[None]:
        """An admin saves a row of the page Policies, and puts it back at the end."""
        action, rows = f"/settings/policies/{policy}", self.product.rows_of_policies
        if policy not in rows:
            rows[policy] = self.fields("/settings/policies", action)
        at(self.post(action, **{**rows[policy], **values}))
        self.product.works()
        try:
            yield
        finally:
            at(self.post(action, **rows[policy]))
            self.product.works()

    def options(self, path: str, name: str) -> dict[str, str]:
        """What can be chosen in this field: the values by their words."""
        found = LexborHTMLParser(self.html(path)).css(f'select[name="{name}"] option')
        return {one.text().strip(): one.attributes.get("value") or "" for one in found}

    # The mailbox

    @property
    def gmail(self) -> GmailAccount:
        """Their own Gmail in another window."""
        return self.product.gmail(self.email)

    def allows(self, begun: TestResponse, account: str = "", **how: Any) -> TestResponse:
        """At Google's page: chooses the account and presses Allow, or does as `how` says."""
        return self.back_from_google(begun, account or self.email, **how)

    def connects(
        self, name: str = "", path: str = "/mailbox/connection", **form: Any
    ) -> TestResponse:
        """Connects their Gmail, confirms the address, and lets the import run; where it leads."""
        back = self.allows(self.post(path, **form), form.get("address", ""))
        if "/mailbox/confirmation" in at(back):  # not for an address that comes back
            asked = self.fields(at(back), at(back))
            back = self.post(at(back), **{**asked, **({"display_name": name} if name else {})})
        at(back)
        self.product.works()
        self.session["connected"] = True
        return back

    def at_work(self) -> "Member":
        """Connected, and without hours outside which nothing is sent."""
        if "connected" not in self.session:
            self.settles_on()
            self.connects()
        return self

    def settles_on(self, **changed: Any) -> TestResponse:
        """Saves the page of email settings with these changes and without any windows."""
        form = self.fields(SETTINGS, SETTINGS)
        kept = {name: value for name, value in form.items() if not name.startswith("window-")}
        saved = self.post(SETTINGS, **{**kept, **changed})
        at(saved)
        return saved

    # Mail

    def sees(self, mail: "Mail", **filters: str) -> bool:
        """Whether the list of conversations shows the mail, by these filters of it."""
        path = f"/conversations?{urlencode({'q': mail.subject, **filters})}"
        return mail.subject in words(self.get(path, **LIST_ALONE)).partition("Last message")[2]

    def conversation(self, subject: str) -> str:
        """The address of the conversation with this subject."""
        return self.link(f"/conversations?q={quote_plus(subject)}", subject, **LIST_ALONE)

    def writes(self, *to: object, subject: str, **form: Any) -> str:
        """Starts a conversation; the address of the pending mail."""
        written = {"body_text": "Hi,\n\nshall we talk on Monday?", **form}
        answer = self.post("/conversations", to=", ".join(map(str, to)), subject=subject, **written)
        return at(answer)

    def replies(self, conversation: str, *to: object, text: str, **form: Any) -> None:
        """Answers in a conversation."""
        path = f"{conversation}/replies"
        at(self.post(path, to=", ".join(map(str, to)), body_text=text, **form))

    def acts(self, pending: str, act: str = "", **form: Any) -> str:
        """Does something to a pending message, from its present page."""
        version = VERSION.search(self.html(f"{pending}/edit"))
        assert version is not None, pending
        path = f"{pending}/{act}" if act else pending
        return self.sends(path, version=version.group(1), **form)

    def sends_by_hand(self, *to: object, subject: str, **headers: str) -> "Mail":
        """Writes a mail in Gmail itself."""
        mail = EmailMessage()
        mail["From"], mail["To"] = self.email, ", ".join(map(str, to))
        mail["Subject"] = subject
        for name, value in headers.items():
            mail[name.replace("_", "-")] = value
        mail.set_content("Written in Gmail.")
        raw = base64.urlsafe_b64encode(mail.as_bytes()).decode()
        sent = self.gmail.post("messages/send", {"raw": raw})
        return self.product.told_of(subject, {self.email: str(sent["id"])})

    def sent(self, subject: str) -> list[EmailMessage]:
        """The latest mails with this subject in the folder Sent of their Gmail, newest first."""
        listed = self.gmail.get("messages", labelIds="SENT", maxResults="3").get("messages", [])
        whole = [self._whole(str(one["id"])) for one in listed]
        return [one for one in whole if subject in str(one["Subject"])]

    def left(self, pending: str) -> list[EmailMessage]:
        """What a pending mail became in their Gmail's Sent mail: at most one mail."""
        return [self._whole(str(one["id"])) for one in self.product.departures(pending)]

    def _whole(self, gmail_id: str) -> EmailMessage:
        raw = self.gmail.get(f"messages/{gmail_id}", format="raw")["raw"]
        mail = message_from_bytes(base64.urlsafe_b64decode(raw + "=="), policy=default)
        assert isinstance(mail, EmailMessage)
        return mail

    # The side panel

    def opens(self, mail: "Mail") -> Shown:
        """Opens the mail in Gmail: the card beside it."""
        return self.product.panel.open(mail.copies[self.email], self.email)

    def opens_gmail(self) -> Shown:
        """The card beside the list of mail."""
        return self.product.panel.home(self.email)


def written(mail: EmailMessage, kind: str = "plain") -> str:
    """What a mail says, as plain text or as HTML."""
    part = mail.get_body((kind,))
    assert part is not None
    return str(part.get_content())


def _held(form: Any) -> dict[str, Any]:
    """Names and values as a browser would send them, the token and buttons left out."""
    held: dict[str, Any] = {}
    for one in form.css("input[name], textarea[name], select[name]"):
        told: Mapping[str, str | None] = one.attributes
        name, kind = str(told["name"]), told.get("type") or one.tag
        if name == "csrf_token" or kind in {"submit", "file", "button"}:
            continue
        if kind in {"checkbox", "radio"}:
            if "checked" in told:
                held.setdefault(name, []).append(told.get("value") or "on")
            continue
        if kind == "select":
            chosen = one.css_first("option[selected]") or one.css_first("option")
            held[name] = (chosen.attributes.get("value") or "") if chosen else ""
            continue
        held[name] = one.text() if kind == "textarea" else (told.get("value") or "")
    return held
