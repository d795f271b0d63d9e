"""Each policy that counts as working changes what happens: it is switched, and something differs.

One office, one table: for every setting a value other than its default, and what a person then
meets. Each is looked at before and after the switch, and switched back.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import time

from backend.clock import utc_now
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

    def written(self, *to: str, file: int = 1) -> object:
        """Whether a mail can be queued, or what is said beside which field."""
        files = FileChanges(added=(NewFile("a.bin", bytes(file)),))
        try:
            pending = self.sender.start(*to, files=files, due_at=self.sender.moment)
        except InputError as error:
            return error.fields
        version = self.sender.version(pending)
        composing.cancel(self.sender.deps, self.sender.actor, pending_id=pending, version=version)
        return None


def imported(scene: Scene) -> object:
    """How far an import looks that Robin starts."""
    answer = scene.robin.post("/imports")
    query = "SELECT wanted, since FROM import_runs WHERE kind = 'import' ORDER BY id DESC LIMIT 1"
    ((wanted, since),) = scene.company.rows(query)
    scene.company.work()
    return answer.status_code, wanted, since and (utc_now() - since).days


def imported_days(scene: Scene) -> object:
    scene.choose("import.mode", "last_days")
    found = imported(scene)
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


def owner(scene: Scene) -> object:
    conversation = scene.conversation(DANA, cc=[OMAR])
    query = "SELECT owner_contact_id FROM conversations WHERE id = %s"
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


TABLE: Mapping[str, tuple[str, Callable[[Scene], object]]] = {
    "import.mode": ("none", imported),
    "import.n": ("7", imported),
    "import.days": ("30", imported_days),
    "match.fields": ("from,to,cc", lambda scene: scene.decided(KIM, to=[ROBIN], cc=[DANA])),
    "match.third_party_sender": ("on", lambda scene: scene.decided(STRANGER, to=[ROBIN, DANA])),
    "contacts.create": ("never", lambda scene: card(scene).refusal),
    "match.late": ("off", lambda scene: type(card(scene).earlier)),
    "match.multi": ("newest", accounts_of_a_shared_domain),
    "thread.owner": ("none", owner),
    "send.provider_ceiling": ("1", Scene.departs),
    "send.over_limit": ("fail", beyond_the_limit),
    "send.hourly": ("1", Scene.departs),
    "send.admin_cap": ("1", Scene.departs),
    "window.applies_to": ("automated", outside_the_window),
    "match.by_domain": (TRAIT, lambda scene: scene.decided(DOMAIN_MATE)),
    "match.require_assignment": ("on", lambda scene: scene.decided(DANA)),
    "mailbox.connect.own": (
        "admin",
        lambda scene: scene.kim.post("/mailboxes", address=KIM).status_code,
    ),
    "gmail.changes": ("off", labels_after_the_trash),
    "reply.quote": ("history", reply_as_it_left),
    "send_now.bypass": ("nothing", lambda scene: outside_the_window(scene, now=True)),
    "mailbox.from_name": ("agent", name_as_it_left),
    "send.max_attachment_mb": ("1", lambda scene: scene.written(DANA, file=2_000_000)),
    "group.max_recipients": ("1", lambda scene: scene.written(DANA, OMAR)),
    "send.daily": ("1", Scene.departs),
    "mailbox.capture": ("all", lambda scene: scene.decided(STRANGER)),
}
"""For each setting a value other than the default, and what it changes."""

ELSEWHERE: Mapping[str, Callable[[Scene, str], None]] = {
    "send.daily": Scene.limits_itself,
    "mailbox.capture": Scene.takes_in,
}
"""Settings that are chosen on another page than Policies."""


def test_the_table_holds_every_policy_that_counts_as_working() -> None:
    working = {name for name, one in SETTINGS.items() if one.levels and name not in LATER}
    assert set(TABLE) == working


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
    without_effect = {}
    for name, (value, seen) in TABLE.items():
        before = seen(scene)
        scene.switch(name, value)
        after = seen(scene)
        scene.switch(name, SETTINGS[name].default_text)
        if before == after:
            without_effect[name] = before
    assert without_effect == {}
