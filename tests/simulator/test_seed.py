"""The seeded company: what a first visitor and the product's own seed rely on."""

import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from backend.clock import utc_now
from backend.simulator.config import Seed
from backend.simulator.seed.conversations import all_conversations
from tests.simulator.google import ANA, DANA, KIM, ROBIN, Google, full, headers_of


def test_the_newest_mail_of_the_rep(company: Google) -> None:
    users = company.users()
    listed = users.messages().list(userId="me", labelIds=["INBOX"], maxResults=4).execute()
    messages = [full(users, one["id"]) for one in listed["messages"]]
    senders = [headers_of(one)["from"].partition(" <")[0] for one in messages]
    assert senders == ["Dana Reyes", "Lee Ward", "Kim Doyle", "Mei Tan"]
    assert headers_of(messages[0])["cc"] == f"Ana Lindt <{ANA}>"
    assert ["UNREAD" in one["labelIds"] for one in messages] == [True, True, False, False]
    thread = (
        users.threads().get(userId="me", id=messages[0]["threadId"], format="minimal").execute()
    )
    assert len(thread["messages"]) == 2


def test_about_four_hundred_mails_of_ninety_days(company: Google) -> None:
    total: set[str] = set()
    oldest = utc_now()
    for person in (ROBIN, KIM, ANA):
        users = company.users(person)
        for one in users.messages().list(userId="me", maxResults=500).execute()["messages"]:
            form = {"format": "metadata", "metadataHeaders": ["Message-ID"]}
            message = users.messages().get(userId="me", id=one["id"], **form).execute()
            named = [header["value"] for header in message["payload"].get("headers", [])]
            total.add(*(named or [one["id"]]))
            oldest = min(oldest, datetime.fromtimestamp(int(message["internalDate"]) / 1000, UTC))
    assert 350 <= len(total) <= 480
    assert timedelta(days=80) < utc_now() - oldest < timedelta(days=100)


def test_the_kinds_of_mail_a_crm_must_tell_apart(company: Google) -> None:
    company.post("/simulator/search", {"lag_seconds": 0})
    kinds = {
        ROBIN: (
            *("from:mailer-daemon", "in:draft", "in:spam", "filename:invite.ics"),
            *("subject:lunch", "subject:confidential", "from:dental", "from:priya.nair"),
            *("has:attachment", "in:sent", "category:updates", "label:customers-renewals"),
        ),
        KIM: ("subject:automatic", "filename:invite.ics", "in:sent"),
    }
    for person, queries in kinds.items():
        users = company.users(person)
        for query in queries:
            found = users.messages().list(userId="me", q=query, includeSpamTrash=True).execute()
            assert found.get("messages"), query


def test_customers_hold_their_side_of_the_conversation(company: Google) -> None:
    users = company.users(DANA)
    labels = {
        label
        for one in users.messages().list(userId="me").execute()["messages"]
        for label in full(users, one["id"])["labelIds"]
    }
    assert {"SENT", "INBOX"} <= labels


def test_the_product_can_ask_who_is_who(company: Google) -> None:
    told = company.get("/simulator/company")
    assert told["workspace"] == {"name": "Lumen Works", "domain": "lumenworks.example"}
    assert [one["role"] for one in told["people"]] == ["member", "leader", "admin"]
    assert (len(told["accounts"]), len(told["contacts"])) == (12, 60)
    names = {one["name"] for one in told["accounts"]}
    assert all(set(one["accounts"]) <= names for one in told["contacts"])
    emails = [email for one in told["contacts"] for email in one["emails"]]
    assert len(emails) == len(set(emails))
    assert "lee@wardlogistics.example" not in emails


def test_the_same_stories_each_time(company: Google) -> None:
    first = company.users().messages().list(userId="me", maxResults=500).execute()["messages"]
    company.post("/simulator/reset", {"seed": "company"})
    again = company.users().messages().list(userId="me", maxResults=500).execute()["messages"]
    assert again == first


def test_a_reset_takes_a_moment(company: Google, running: Any) -> None:
    world = running.app.extensions["world"]
    took = []
    for _ in range(5):
        began = time.thread_time()
        world.reset(Seed.COMPANY)
        took.append(time.thread_time() - began)
    assert min(took) < 0.1
    assert company.users().getProfile(userId="me").execute()["messagesTotal"] > 200


@pytest.mark.parametrize("hours", range(0, 24 * 7, 5))
def test_told_conversations_end_before_the_mail_told_by_hand(hours: int) -> None:
    now = datetime(2026, 11, 20, 0, 17, tzinfo=UTC) + timedelta(hours=hours)
    for told in all_conversations(now):
        moments = [one.at for one in told]
        assert moments == sorted(moments)
        assert moments[-1] < now - timedelta(hours=18)
