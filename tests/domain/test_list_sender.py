"""Mail through a list of ours is its writer's; anything less certain stays what From says."""

import pytest

from backend.domain.capture.list_sender import list_name, through_own_list
from backend.domain.mail.kinds import MailKind, classify
from backend.domain.mail.message import ParsedMessage
from backend.domain.mail.parse import parse_message
from tests.domain.mail import TEAM

DANA = "Dana Reyes <dana@northwind.example>"
GOOGLE = {
    "From": "'Dana Reyes' via Sales <sales@ours.example>",
    "To": "sales@ours.example",
    "Subject": "Hello",
    "Reply-To": DANA,
    "X-Original-Sender": "dana@northwind.example",
    "X-Original-From": DANA,
    "Precedence": "list",
    "Mailing-list": "list sales@ours.example; contact sales+owners@ours.example",
    "List-ID": "Sales <sales.ours.example>",
    "List-Unsubscribe": "<mailto:googlegroups-manage+1@googlegroups.com>,"
    " <https://groups.google.com/a/ours.example/group/sales/subscribe>",
}


def mail(**changed: str | None) -> ParsedMessage:
    changes = {name.replace("_", "-"): value for name, value in changed.items()}
    lines = [f"{name}: {value}" for name, value in {**GOOGLE, **changes}.items() if value]
    return parse_message("\r\n".join([*lines, "", "Hello Kim."]).encode())


def writer(message: ParsedMessage) -> tuple[str, str]:
    found = through_own_list(message, TEAM).sender
    assert found is not None
    return found.name, found.key


@pytest.mark.parametrize(
    "changed",
    [
        {},
        {"Reply_To": None},
        {"X_Original_From": None},
        {"X_Original_From": None, "X_Original_Sender": None},  # as Mailman names the writer
        {"X_Original_Sender": None, "Reply_To": f"Sales <sales@ours.example>, {DANA}"},
        {"Reply_To": "sales@ours.example"},  # answers go to the list
        {"List_ID": "sales.ours.example"},
    ],
)
def test_the_writer_is_found_where_all_who_name_one_agree(changed: dict[str, str | None]) -> None:
    assert writer(mail(**changed)) == ("Dana Reyes", "dana@northwind.example")
    assert classify(through_own_list(mail(**changed), TEAM)) is MailKind.HUMAN


@pytest.mark.parametrize(
    "changed",
    [
        {"List_ID": None},
        {"List_ID": "<other.ours.example>"},
        {"Reply_To": "Lee <lee@else.example>"},
        {"X_Original_Sender": "lee@else.example"},
        {"X_Original_From": "nobody", "X_Original_Sender": None, "Reply_To": None},
        {"X_Original_From": None, "X_Original_Sender": None, "Reply_To": f"{DANA}, lee@x.example"},
        {"X_Original_From": None, "X_Original_Sender": None, "Reply_To": "sales@ours.example"},
        {"From": "Kim <kim@ours.example>"},
        {"From": "Sales <sales@else.example>", "List_ID": "<sales.else.example>"},
        {"From": "Sales <sales@labs.example>", "List_ID": "<sales.labs.example>"},
    ],
)
def test_nothing_less_makes_somebody_the_writer(changed: dict[str, str | None]) -> None:
    message = mail(**changed)
    assert message.sender is not None
    assert writer(message)[1] == message.sender.key


def test_a_list_of_somebody_else_stays_a_list() -> None:
    theirs = mail(From=DANA, List_ID="<news.northwind.example>", Reply_To=None)
    assert through_own_list(theirs, TEAM) is theirs
    assert classify(theirs) is MailKind.LIST


def test_mail_that_a_list_of_ours_did_not_rewrite_is_a_persons_too() -> None:
    plain = through_own_list(mail(From=DANA), TEAM)
    assert classify(plain) is MailKind.HUMAN
    assert writer(mail(From=DANA)) == ("Dana Reyes", "dana@northwind.example")


def test_a_newsletter_through_a_list_of_ours_stays_one() -> None:
    own_way_out = {"List_Unsubscribe": "<https://news.else.example/u/1>"}
    assert classify(through_own_list(mail(**own_way_out), TEAM)) is MailKind.LIST
    assert classify(through_own_list(mail(Precedence="bulk"), TEAM)) is MailKind.LIST


def test_names_of_lists_are_read_however_long_they_are() -> None:
    assert list_name(mail(List_ID="<SALES.Ours.Example>")) == "sales.ours.example"
    assert through_own_list(mail(List_ID=f"<{'a.' * 5000}x>"), TEAM).sender == mail().sender
