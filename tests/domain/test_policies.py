import pytest

from backend.domain.policies import (
    POLICIES,
    SETTINGS,
    Capture,
    ImportMode,
    Level,
    MatchField,
    OverLimit,
    Policies,
    check,
    policy,
)
from backend.domain.policies.setting import AnySetting, Setting
from backend.errors import InputError

BANNED = ("!", "successfully", "please", "oops", "sorry")

# The contract's table: setting, default as stored, and the other values it names.
CONTRACT = {
    "D-1": [
        ("import.mode", "last_n", "none last_days"),
        ("import.n", "1000", "1"),
        ("import.days", "183", "1"),
    ],
    "D-2": [("mailbox.capture", "matched", "all")],
    "D-3": [
        ("match.fields", "from,to", "from,to,cc from,to,bcc from,to,cc,bcc"),
        ("match.third_party_sender", "off", "on"),
    ],
    "D-4": [("contacts.create", "smart_bcc+one_click", "never smart_bcc one_click")],
    "D-5": [("match.late", "ask", "off on")],
    "D-6": [("match.multi", "all", "first_created newest")],
    "D-7": [("thread.owner", "first_recipient", "none")],
    "D-8": [("send.daily", "250", "1 1000"), ("send.provider_ceiling", "2000", "500")],
    "D-9": [("send.over_limit", "wait", "fail")],
    "D-10": [("send.hourly", "60", "1 59")],
    "D-11": [("send.day", "rolling_24_hours", "")],
    "D-12": [("send.admin_cap", "unset", "1 1000")],
    "D-13": [
        ("automation.channel", "gmail", "provider"),
        ("bulk.channel", "provider", "gmail"),
        ("bulk.threshold", "25", "2 1000"),
    ],
    "D-14": [("tracking.opens", "on", "off")],
    "D-15": [("profile.max_mailboxes", "1", "2 10")],
    "D-16": [("mailbox.aliases", "match_only", "")],
    "D-17": [("mailbox.kind", "shared", "personal")],
    "D-18": [("match.by_domain", "off", "Domain domain_field")],
    "D-19": [("match.require_assignment", "off", "on")],
    "D-20": [
        ("mailbox.connect.own", "member", "leader admin"),
        ("mailbox.connect.shared", "admin", "member leader"),
    ],
    "D-21": [("disconnect.history", "keep", "keep+redact")],
    "D-22": [("gmail.changes", "on", "off")],
    "D-23": [("reply.quote", "single", "history")],
    "D-24": [
        ("window.applies_to", "all_scheduled", "automated"),
        ("send_now.bypass", "window", "nothing"),
    ],
    "D-25": [("mailbox.from_name", "display", "agent agent_address")],
    "D-26": [("message.end", "body_signature_unsubscribe", "")],
    "D-27": [("send.max_attachment_mb", "25", "1 24")],
    "D-28": [("location.share_mailbox", "no", "yes"), ("location.retain", "replied_only", "all")],
    "D-29": [("unsubscribe.scope", "workspace", "channel")],
    "D-30": [("tasks.target", "google_tasks", "calendar_events")],
    "D-31": [("tasks.on_complete", "delete", "complete")],
    "D-32": [("group.max_recipients", "100", "1 99")],
    "D-33": [("sync.pace", "live_in_seconds", "")],
    "D-34": [("admin.impersonate", "off", "on")],
}
ROWS = [(name, default, others) for rows in CONTRACT.values() for name, default, others in rows]
NAMES = [row[0] for row in ROWS]


def test_the_34_policies_stand_in_order() -> None:
    assert [row.id for row in POLICIES] == [f"D-{number}" for number in range(1, 35)]
    named = {row.id: [setting.name for setting in row.settings] for row in POLICIES}
    assert named == {key: [name for name, *_ in rows] for key, rows in CONTRACT.items()}


@pytest.mark.contract("K-19")
@pytest.mark.parametrize(("name", "default", "others"), ROWS, ids=NAMES)
def test_a_setting_has_the_default_and_the_values_of_the_contract(
    name: str, default: str, others: str
) -> None:
    setting = SETTINGS[name]
    assert setting.default_text == default
    for text in [default, *others.split()]:
        setting.check(text)
    listed = setting.options()
    assert not listed or default in listed or set(default.split(",")) <= set(listed)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("text", ["", " ", "maybe " * 30], ids=["empty", "blank", "nonsense"])
def test_what_is_no_value_is_refused_by_name(name: str, text: str) -> None:
    with pytest.raises(InputError) as refused:
        SETTINGS[name].check(text)
    assert list(refused.value.fields) == [name]
    assert refused.value.sentence.endswith(".")


@pytest.mark.parametrize("text", ["-1", "0", "9999999999", "1.5", "²", "٣"])
def test_a_number_is_digits_within_its_bounds(text: str) -> None:
    for name in ("import.n", "send.admin_cap"):
        with pytest.raises(InputError):
            SETTINGS[name].check(text)


def test_only_the_four_fixed_decisions_cannot_be_changed() -> None:
    assert {row.id for row in POLICIES if row.fixed} == {"D-11", "D-16", "D-26", "D-33"}
    assert policy("D-11").who == "Nobody can change it."
    for name in ("send.day", "mailbox.aliases", "message.end", "sync.pace"):
        assert len(SETTINGS[name].options()) == 1
        with pytest.raises(InputError):
            check(name, SETTINGS[name].default_text)


@pytest.mark.parametrize("row", POLICIES, ids=lambda row: row.id)
def test_a_policy_explains_itself(row: object) -> None:
    found = next(one for one in POLICIES if one is row)
    sentences = [found.question, found.why, found.who]
    for setting in found.settings:
        sentences += [*setting.options().values(), f"{setting.label}."]
    assert found.question.endswith("?")
    assert all(text[0].isupper() and text.endswith((".", "?")) for text in sentences)
    assert not any(word in text.lower() for text in sentences for word in BANNED)


def test_each_setting_is_one_attribute_of_policies() -> None:
    attributes = {
        value.name: name for name, value in vars(Policies).items() if isinstance(value, Setting)
    }
    assert attributes.keys() == SETTINGS.keys()
    for name, attribute in attributes.items():
        setting: AnySetting = getattr(Policies, attribute)
        assert setting is SETTINGS[name]


def test_without_overrides_the_defaults_are_in_force() -> None:
    policies = Policies()
    assert policies.import_mode is ImportMode.LAST_N
    assert policies.match_fields == {MatchField.FROM, MatchField.TO}
    assert policies.over_limit is OverLimit.WAIT
    assert policies.admin_cap is None
    assert policies.track_opens is True
    assert policies.match_by_domain is None
    assert policies.day == "rolling_24_hours"
    assert policies.text("location.share_mailbox") == "no"


def test_overrides_are_read_by_type() -> None:
    policies = Policies.from_overrides(
        {
            "import.mode": "last_days",
            "match.fields": "to,cc,from",
            "send.admin_cap": "100",
            "match.by_domain": "Web domain",
            "location.share_mailbox": "yes",
        }
    )
    assert policies.import_mode is ImportMode.LAST_DAYS
    assert policies.match_fields == {MatchField.FROM, MatchField.TO, MatchField.CC}
    assert Policies.match_fields.text(policies.match_fields) == "from,to,cc"
    assert policies.admin_cap == 100
    assert Policies.admin_cap.text(100) == "100"
    assert policies.match_by_domain == "Web domain"
    assert Policies.match_by_domain.text("Web domain") == "Web domain"
    assert policies.share_mailbox is True
    assert policies.text("import.mode") == "last_days"


@pytest.mark.parametrize(
    ("overrides", "name"),
    [
        ({"import.n": "0"}, "import.n"),
        ({"import.mode": "all"}, "import.mode"),
        ({"match.fields": "from,cc"}, "match.fields"),
        ({"send.hourly": "61"}, "send.hourly"),
        ({"nothing.such": "on"}, "nothing.such"),
    ],
    ids=["too small", "no such value", "To must decide", "only lowered", "no such setting"],
)
def test_an_unusable_override_is_refused_by_name(overrides: dict[str, str], name: str) -> None:
    with pytest.raises(InputError) as refused:
        Policies.from_overrides(overrides)
    assert list(refused.value.fields) == [name]


@pytest.mark.contract("V-39")
def test_nobody_changes_the_daily_limit_for_everybody() -> None:
    with pytest.raises(InputError, match="cannot be set for a workspace"):
        Policies.from_overrides({"send.daily": "100"})
    member = Policies().narrowed({"send.daily": "100"}, level=Level.MEMBER)
    assert member.daily_limit == 100


@pytest.mark.contract("V-37")
@pytest.mark.parametrize("text", ["0", "1001", "many"])
def test_a_daily_limit_outside_1_to_1000_is_refused(text: str) -> None:
    with pytest.raises(InputError) as refused:
        check("send.daily", text, level=Level.MEMBER)
    assert refused.value.sentence == (
        "Messages in 24 hours must be a whole number from 1 to 1000 (messages in any 24 hours)."
    )


@pytest.mark.contract("V-38", "VC-44")
def test_the_daily_limit_is_250_until_the_member_changes_it() -> None:
    assert Policies().daily_limit == 250


def test_a_narrower_level_wins_except_where_values_only_fall() -> None:
    workspace = Policies.from_overrides({"send.hourly": "30", "tracking.opens": "off"})
    faster = workspace.narrowed({"send.hourly": "60"}, level=Level.MEMBER)
    slower = workspace.narrowed({"send.hourly": "20"}, level=Level.MEMBER)
    assert (faster.hourly_limit, slower.hourly_limit) == (30, 20)
    mailbox = workspace.narrowed(
        {"tracking.opens": "on", "mailbox.capture": "all"}, level=Level.MAILBOX
    )
    assert (mailbox.track_opens, mailbox.capture) == (True, Capture.ALL)
    assert workspace.track_opens is False
