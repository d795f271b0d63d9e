"""The seeded mails that belong to no script: strangers, newsletters, an absence, an invitation."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from email.utils import parseaddr
from typing import Any

from backend.simulator.mail.composing import File
from backend.simulator.seed.company import Somebody, customers, data, member
from backend.simulator.seed.files import attachment
from backend.simulator.seed.writing import Written, greeted

Conversation = list[Written]

INVITATION = """\
BEGIN:VCALENDAR
PRODID:-//Lumen Works//Seed//EN
VERSION:2.0
METHOD:REQUEST
BEGIN:VEVENT
UID:quarterly-{stamp}@adatum.example
DTSTAMP:{stamp}
DTSTART:{start}
DTEND:{end}
SUMMARY:Quarterly review
ORGANIZER;CN=Jon Berg:mailto:jon@adatum.example
ATTENDEE;CN=Kim Doyle;RSVP=TRUE:mailto:kim@lumenworks.example
ATTENDEE;CN=Robin Vale;RSVP=TRUE:mailto:robin@lumenworks.example
LOCATION:Adatum, room 3
STATUS:CONFIRMED
END:VEVENT
END:VCALENDAR
"""


def unscripted(now: datetime) -> Iterator[Conversation]:
    """Single messages of the last weeks."""
    yield from _strangers(now)
    yield from _newsletters(now)
    yield _absence(now)
    yield _invitation(now)
    yield _to_nobody(now)


def newest(now: datetime) -> Iterator[tuple[Conversation, bool]]:
    """The newest messages of Robin's inbox, each with whether it has been read."""
    for entry in data("single")["newest"]:
        told: Conversation = []
        sender, robin = _somebody(entry["from"]), member("robin")
        if "opening" in entry:
            told.append(_opening(entry, robin, sender, now))
        at = now - timedelta(minutes=entry["minutes_ago"])
        paragraphs = greeted(robin, entry["text"], first=True)
        cc = tuple(member(name) for name in entry.get("cc", ()))
        told.append(Written(sender, (robin,), cc, entry["subject"], paragraphs, at))
        yield told, bool(entry["read"])


def _opening(entry: dict[str, Any], robin: Somebody, to: Somebody, now: datetime) -> Written:
    opening = entry["opening"]
    return Written(
        *(robin, (to,), (), entry["subject"].removeprefix("Re: ")),
        greeted(to, opening["text"], first=True),
        now - timedelta(hours=opening["hours_ago"]),
        (attachment(opening["attach"], "LW-2600140"),),
    )


def _strangers(now: datetime) -> Iterator[Conversation]:
    for number, entry in enumerate(data("single")["strangers"]):
        to = tuple(member(name) for name in entry["to"])
        at = now - timedelta(days=3 + 9 * number, hours=number + 2)
        text = ("Hello,", *entry["text"])
        yield [Written(_somebody(entry["from"]), to, (), entry["subject"], text, at)]


def _newsletters(now: datetime) -> Iterator[Conversation]:
    for number, entry in enumerate(data("single")["newsletters"]):
        headers = (
            ("List-Id", f"<{entry['list']}>"),
            ("List-Unsubscribe", f"<https://{entry['list']}/unsubscribe>"),
            ("Precedence", "bulk"),
        )
        reader = member("robin") if number % 3 else member("ana")
        at = now - timedelta(days=2 + 13 * number, hours=3)
        text = tuple(entry["text"])
        subject = entry["subject"]
        yield [Written(_somebody(entry["from"]), (reader,), (), subject, text, at, (), headers)]


def _absence(now: datetime) -> Conversation:
    """An answer nobody wrote."""
    adatum = next(one for one in customers() if one.name == "Adatum")
    freya, kim = adatum.one("second"), member("kim")
    asked_at = now - timedelta(days=6, hours=2)
    asked = Written(
        kim,
        (freya,),
        (),
        "Dates for the Eastgate review",
        ("Hi Freya,", "which day suits you?"),
        asked_at,
    )
    headers = (("Auto-Submitted", "auto-replied"), ("X-Autoreply", "yes"))
    text = ("I am out of the office until Monday. In urgent cases write to Jon Berg.",)
    subject = f"Automatic reply: {asked.subject}"
    answer_at = asked_at + timedelta(seconds=20)
    return [asked, Written(freya, (kim,), (), subject, text, answer_at, (), headers)]


def _invitation(now: datetime) -> Conversation:
    adatum = next(one for one in customers() if one.name == "Adatum")
    at = now - timedelta(days=4, hours=5)
    start = (at + timedelta(days=9)).replace(hour=10, minute=0, second=0)
    form = "%Y%m%dT%H%M%SZ"
    text = INVITATION.format(
        stamp=at.strftime(form),
        start=start.strftime(form),
        end=(start + timedelta(hours=1)).strftime(form),
    )
    invite = File("invite.ics", 'text/calendar; charset="UTF-8"; method=REQUEST', text.encode())
    to = (member("kim"), member("robin"))
    shown = (f"Jon Berg invites you to: Quarterly review, {start:%A %d %B, %H:%M} UTC.",)
    subject = f"Invitation: Quarterly review @ {start:%a %d %b %Y}"
    return [Written(adatum.one("senior"), to, (), subject, shown, at, (invite,))]


def _to_nobody(now: datetime) -> Conversation:
    """A mail to an address that does not exist: the report comes from the postman."""
    gone = Somebody("nobody.lang@wideworld.example", "Peter Lang", "", "")
    text = ("Hi Peter,", "here is the link to the recording, as promised on the phone.")
    at = now - timedelta(days=8, hours=1)
    return [Written(member("robin"), (gone,), (), "Recording of the demo", text, at)]


def _somebody(written: str) -> Somebody:
    """A contact by address where there is one, else a stranger."""
    name, email = parseaddr(written)
    known = [person for customer in customers() for person in customer.people]
    known += [member(one) for one in ("robin", "kim", "ana")]
    return next((one for one in known if one.email == email), Somebody(email, name, "", ""))
