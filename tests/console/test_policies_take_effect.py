"""Each policy that counts as working is switched, and what follows is seen.

One company, one table: for every setting a value other than its default, and what a person meets
before and after the switch, which is then switched back.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import time

from backend.domain.capture.late_match import LeaveOut, Offer
from backend.domain.ids import ConversationId
from backend.domain.policies import LATER, POLICIES, SETTINGS
from backend.domain.summaries.panel import UnknownPerson
from backend.errors import InputError
from backend.jobs import JobName
from backend.queries.panel.message import open_message
from backend.services import composing
from backend.services.composing import FileChanges, NewFile
from tests.console.conftest import Visitor, words
from tests.services.outbox.sender import Sender, draft
from tests.support.company import DANA, KIM, ROBIN, STRANGER, Company
from tests.support.open_mail import copies, opened

OMAR = "omar@northwind.example"
DOMAIN_MATE = "lee@northwind.example"
TRAIT = "Web domain"
LAST_IMPORT = "FROM import_runs WHERE kind = 'import' ORDER BY id DESC LIMIT 1"
FORM = {"hourly_limit": "60", "always_bcc": "", "signature": "Robin", "time_zone": "UTC"}


@dataclass
class Scene:
    """Robin, who sends, with a colleague who leads and an admin who switches."""

    company: Company
    sender: Sender
    robin: Visitor
    kim: Visitor
    ana: Visitor
    chosen: dict[str, str] = field(default_factory=dict)

    def choose(self, name: str, value: str) -> None:
        """Save the whole row of the page Policies that contains the setting."""
        self.chosen[name] = value
        row = next(one for one in POLICIES if SETTINGS[name] in one.settings)
        form = {one.name: self.chosen.get(one.name, one.default_text) for one in row.settings}
        parted = {key: text.split(",") for key, text in form.items()}
        answer = self.ana.post(f"/settings/policies/{row.id}", **parted)
        assert answer.status_code == 303, (name, words(answer)[-500:])
        self.company.work()

    def switch(self, name: str, value: str) -> None:
        """Choose a value on the page where the setting is chosen."""
        if name in ELSEWHERE:
            ELSEWHERE[name](self, value)
        else:
            self.choose(name, value)

    def limits_itself(self, value: str) -> None:
        """Robin sets their own daily limit."""
        answer = self.robin.post("/settings/email", **FORM, daily_limit=value)
        assert answer.status_code == 303, words(answer)[-500:]

    def takes_in(self, value: str) -> None:
        """Robin's mailbox is that of an address such as support@, and Robin opens it."""
        self.ana.post(f"/mailboxes/{self.sender.mailbox_id}/kind", takes_in="shared")
        assert self.robin.post("/mailbox/reach", capture=value).status_code == 303

    def arrives(self, sender: str = DANA, **mail: object) -> str:
        """A mail that was read: its id in Robin's mailbox."""
        gmail_id = copies(self.company, {"from": sender, "to": [ROBIN], **mail})[ROBIN]
        self.sync()
        return gmail_id

    def sync(self) -> None:
        key = self.company.key(self.sender.mailbox_id)
        self.company.deps.jobs.enqueue(JobName.SYNC_MAILBOX, *key)
        self.company.work()

    def decided(self, sender: str, **mail: object) -> object:
        """Whether a mail was logged, and why."""
        query = "SELECT outcome || ':' || reason FROM decisions WHERE gmail_id = %s"
        return self.company.value(query, self.arrives(sender, **mail))

    def conversation(self, sender: str = DANA, **mail: object) -> int:
        """The conversation of a mail that came in."""
        query = (
            "SELECT m.conversation_id FROM messages m JOIN message_copies c"
            " ON c.message_id = m.id WHERE c.gmail_id = %s"
        )
        return int(self.company.value(query, self.arrives(sender, **mail)))

    def departs(self, *, now: bool = False) -> object:
        """The outcome of a message that Robin writes: it leaves, or why it does not."""
        self.sender.passes(minutes=2)
        pending = self.sender.start()
        if now:
            version = self.sender.version(pending)
            composing.send_now(
                self.sender.deps, self.sender.actor, pending_id=pending, version=version
            )
        self.sender.send()
        row = self.sender.row(pending)
        if row["state"] == "scheduled":
            composing.cancel(
                self.sender.deps, self.sender.actor, pending_id=pending, version=row["version"]
            )
        return row["state"], row["reason"]

    def wrong_at(self, *to: str, file: int = 1) -> list[str]:
        """The fields that keep a mail from being queued."""
        files = FileChanges(added=(NewFile("a.bin", bytes(file)),))
        try:
            pending = self.sender.start(*to, files=files, due_at=self.sender.moment)
        except InputError as error:
            return sorted(error.fields)
        version = self.sender.version(pending)
        composing.cancel(self.sender.deps, self.sender.actor, pending_id=pending, version=version)
        return []


def imported(scene: Scene, column: str = "true") -> object:
    """What Robin is answered who starts an import, or how far that one looks."""
    answer = scene.robin.post("/imports")
    found = scene.company.value(f"SELECT {column} {LAST_IMPORT}")
    scene.company.work()
    return found if answer.status_code == 303 else answer.status_code


def imported_days(scene: Scene) -> object:
    scene.choose("import.mode", "last_days")
    found = imported(scene, "round(extract(epoch FROM now() - since) / 86400)::int")
    scene.choose("import.mode", "last_n")
    return found


def card(scene: Scene) -> UnknownPerson:
    """The panel at a stranger's mail who wrote before."""
    scene.arrives(STRANGER)
    mail = opened(scene.company, copies(scene.company, {"from": STRANGER, "to": [ROBIN]})[ROBIN])
    found = open_message(scene.company.deps, scene.company.actor(), mail)
    assert isinstance(found, UnknownPerson)
    return found


def accounts_of_a_shared_domain(scene: Scene) -> object:
    scene.choose("match.by_domain", TRAIT)
    conversation = scene.conversation(DOMAIN_MATE)
    scene.choose("match.by_domain", "off")
    query = "SELECT count(*) FROM conversation_accounts WHERE conversation_id = %s"
    return scene.company.value(query, conversation)


def has_an_owner(scene: Scene) -> object:
    conversation = scene.conversation(DANA, cc=[OMAR])
    query = "SELECT owner_contact_id IS NOT NULL FROM conversations WHERE id = %s"
    return scene.company.value(query, conversation)


def labels_after_the_trash(scene: Scene) -> object:
    gmail_id = scene.arrives(DANA)
    scene.company.gmail().post(f"messages/{gmail_id}/trash", {})
    scene.sync()
    query = "SELECT 'TRASH' = ANY(labels) FROM message_copies WHERE gmail_id = %s"
    return scene.company.value(query, gmail_id)


def beyond_the_limit(scene: Scene) -> object:
    scene.limits_itself("1")
    found = scene.departs()
    scene.limits_itself("250")
    return found


def outside_the_window(scene: Scene, *, now: bool = False) -> object:
    in_three_days = (scene.sender.moment.isoweekday() + 2) % 7 + 1
    scene.sender.windows("UTC", ([in_three_days], time(9), time(17)))
    found = scene.departs(now=now)
    scene.sender.windows("UTC")
    return found


def reply_as_it_left(scene: Scene) -> object:
    """Whether the earlier mail follows below."""
    conversation = ConversationId(scene.conversation(DANA, text="Words of the first mail."))
    scene.sender.passes(minutes=2)
    pending = composing.reply(
        scene.sender.deps,
        scene.sender.actor,
        conversation_id=conversation,
        draft=draft(DANA),
        nonce=f"reply to {conversation}",
    )
    scene.sender.send()
    return "Words of the first mail." in str(scene.sender.copy(pending))


def name_as_it_left(scene: Scene) -> object:
    scene.sender.passes(minutes=2)
    pending = scene.sender.start()
    scene.sender.send()
    return scene.sender.copy(pending)["From"]


LEFT, FULL = ("sent", None), ("scheduled", "daily_limit")
CLOSED = ("scheduled", "window_closed")
REFUSED = "One click does not add people in this workspace. Add lee@else.example in the console."
TABLE: Mapping[str, tuple[str, Callable[[Scene], object], object, object]] = {
    "import.mode": ("none", imported, True, 403),
    "import.n": ("7", lambda scene: imported(scene, "wanted"), 1000, 7),
    "import.days": ("30", imported_days, 183, 30),
    "match.fields": (
        "from,to,cc",
        lambda scene: scene.decided(KIM, to=[ROBIN], cc=[DANA]),
        "skipped:only_copied",
        "kept:matched_recipient",
    ),
    "match.third_party_sender": (
        "on",
        lambda scene: scene.decided(STRANGER, to=[ROBIN, DANA]),
        "skipped:third_party_sender",
        "kept:third_party_allowed",
    ),
    "contacts.create": ("never", lambda scene: card(scene).refusal, None, REFUSED),
    "match.late": ("off", lambda scene: type(card(scene).earlier), Offer, LeaveOut),
    "match.multi": ("newest", accounts_of_a_shared_domain, 2, 1),
    "thread.owner": ("none", has_an_owner, True, False),
    "send.provider_ceiling": ("1", Scene.departs, LEFT, FULL),
    "send.over_limit": ("fail", beyond_the_limit, FULL, ("failed", "over_limit")),
    "send.hourly": ("1", Scene.departs, LEFT, ("scheduled", "spacing")),
    "send.admin_cap": ("1", Scene.departs, LEFT, FULL),
    "window.applies_to": ("automated", outside_the_window, CLOSED, LEFT),
    "match.by_domain": (
        TRAIT,
        lambda scene: scene.decided(DOMAIN_MATE),
        "skipped:nobody_known",
        "kept:matched_domain",
    ),
    "match.require_assignment": (
        "on",
        lambda scene: scene.decided(DANA),
        "kept:matched_sender",
        "skipped:not_assigned",
    ),
    "mailbox.connect.own": (
        "admin",
        lambda scene: scene.kim.post("/mailboxes", address=KIM).status_code,
        303,
        403,
    ),
    "mailbox.connect.shared": (
        "leader",
        lambda scene: scene.kim.post("/settings/shared-mailboxes").status_code,
        403,
        303,
    ),
    "mailbox.kind": (
        "personal",
        lambda scene: scene.ana.post("/settings/shared-mailboxes").status_code,
        303,
        403,
    ),
    "disconnect.history": (
        "keep+redact",
        lambda scene: "removed for good" in scene.kim.page("/mailbox/disconnection"),
        False,
        True,
    ),
    "admin.impersonate": (
        "on",
        lambda scene: "Log in as" in scene.ana.page("/settings/team"),
        False,
        True,
    ),
    "gmail.changes": ("off", labels_after_the_trash, True, False),
    "reply.quote": ("history", reply_as_it_left, False, True),
    "send_now.bypass": (
        "nothing",
        lambda scene: outside_the_window(scene, now=True),
        LEFT,
        CLOSED,
    ),
    "mailbox.from_name": (
        "agent",
        name_as_it_left,
        f"Lumen Success <{ROBIN}>",
        f"Robin Vale <{ROBIN}>",
    ),
    "send.max_attachment_mb": (
        "1",
        lambda scene: scene.wrong_at(DANA, file=2_000_000),
        [],
        ["files"],
    ),
    "group.max_recipients": ("1", lambda scene: scene.wrong_at(DANA, OMAR), [], ["to"]),
    "send.daily": ("1", Scene.departs, LEFT, FULL),
    "mailbox.capture": (
        "all",
        lambda scene: scene.decided(STRANGER),
        "skipped:nobody_known",
        "kept:shared_mailbox",
    ),
}
"""For each setting a value other than the default, where it shows, and what is seen there before
and after.
"""

ELSEWHERE: Mapping[str, Callable[[Scene, str], None]] = {
    "send.daily": Scene.limits_itself,
    "mailbox.capture": Scene.takes_in,
}
"""Settings that are chosen on another page than Policies."""


IN_TWO_WORKSPACES = {"location.share_mailbox", "location.retain"}
"""They need a second workspace: tests/contract/gohighlevel/test_one_gmail_in_two_workspaces."""


def test_the_table_holds_every_policy_that_counts_as_working() -> None:
    working = {name for name, one in SETTINGS.items() if one.levels and name not in LATER}
    assert set(TABLE) | IN_TWO_WORKSPACES == working


def test_switching_a_policy_changes_what_happens(
    quiet_company: Company, robin: Visitor, kim: Visitor, ana: Visitor
) -> None:
    company = quiet_company
    sender = Sender(company, company.connected(ROBIN))
    robin.post("/mailbox/name", display_name="Lumen Success")
    sender.has_left(sender.moment)
    ana.post("/settings/account-traits", name=TRAIT)
    key = f"trait-{company.value('SELECT id FROM account_traits')}"
    accounts = "SELECT id, domain FROM accounts ORDER BY id LIMIT 2"
    for account, domain in company.rows(accounts):
        ana.post(f"/accounts/{account}", domain=domain or "", **{key: "northwind.example"})
    scene = Scene(company, sender, robin, kim, ana)
    found = {}
    for name, (value, seen, _, _) in TABLE.items():
        before = seen(scene)
        scene.switch(name, value)
        found[name] = before, seen(scene)
        scene.switch(name, SETTINGS[name].default_text)
    assert found == {name: (before, after) for name, (_, _, before, after) in TABLE.items()}
