"""Lists as other products write them: their headers, their dates, and what goes wrong in a file."""

from collections.abc import Callable
from datetime import date
from io import BytesIO

import pytest

from backend.domain.customers.columns import Header, read_header
from backend.domain.customers.rows import BadLine, Line
from backend.services.customer_lists.file import (
    CUT,
    MIXED,
    MOST_CHARACTERS,
    UNREADABLE,
    CustomerFile,
)

Read = Callable[..., list[Line | BadLine]]

HUBSPOT = (
    "Record ID,First Name,Last Name,Email,Work email,Phone Number,Contact owner,Job Title,"
    "Associated Company,Company Name,Website URL,Create Date,Unsubscribed from all email,"
    "Associated Company IDs\r\n"
    "101,Noa,Berg,noa@umbra.example,,,Robin Vale (robin@lumenworks.example),Buyer,Umbra,,"
    "umbra.example,2026-03-04 09:12,TRUE,77\r\n"
)
SALESFORCE = (
    '"First Name","Last Name","Title","Account Name","Email","Contact Owner","Created Date",'
    '"Email Opt Out"\r\n'
    '"Noa","Berg","Buyer","Umbra","noa@umbra.example","Robin Vale","{}","1"\r\n'
    '"Ida","Holm","","Umbra","ida@umbra.example","Robin Vale","{}","0"\r\n'
    '\r\n\r\n"Contacts of the north"\r\n"Copyright (c) 2000-2026 salesforce.com, inc."\r\n'
)
SALESFORCE_GERMAN = (
    "Vorname;Nachname;Titel;Accountname;E-Mail;Kontaktinhaber;Erstelldatum\r\n"
    "Noa;Berg;Buyer;Umbra;noa@umbra.example;Robin Vale;04.03.2026, 09:12\r\n"
)
DATA_LOADER = (
    '"ID","ACCOUNT.NAME","FIRSTNAME","LASTNAME","NAME","EMAIL","TITLE","HASOPTEDOUTOFEMAIL",'
    '"CREATEDDATE"\n'
    '"0035e00000AbCdE","Umbra","Noa","Berg","Noa Berg","noa@umbra.example","Buyer","true",'
    '"2026-03-04T09:12:00.000Z"\n'
)
GOOGLE = (
    "First Name,Middle Name,Last Name,Phonetic First Name,Name Prefix,Nickname,File As,"
    "Organization Name,Organization Title,Organization Department,Birthday,Notes,Photo,Labels,"
    "E-mail 1 - Label,E-mail 1 - Value,E-mail 2 - Label,E-mail 2 - Value,Phone 1 - Label,"
    "Phone 1 - Value\n"
    'Noa,,Berg,,,,,Umbra,Buyer,,,"Met at the fair,\nlikes tea",,* myContacts,* Work,'
    "noa@umbra.example ::: noa@home.example,Other,noa.berg@home.example,Mobile,+49 30 1\n"
)
GOOGLE_OLD = (
    "Name,Given Name,Family Name,Group Membership,E-mail 1 - Type,E-mail 1 - Value,"
    "Organization 1 - Name,Organization 1 - Title\n"
    "Noa Berg,Noa,Berg,* myContacts,* Work,noa@umbra.example,Umbra,Buyer\n"
)
PIPEDRIVE = (
    "Person - Name,Person - First name,Person - Last name,Person - Label,Person - Organization,"
    "Person - Email - Work,Person - Email - Home,Person - Email - Other,Person - Job title,"
    "Person - Owner,Person - Person created,Person - Marketing status\n"
    "Noa Berg,Noa,Berg,Customer,Umbra,,,noa@umbra.example,Buyer,Robin Vale,"
    "2026-03-04 09:12:00,unsubscribed\n"
)
OUTLOOK = (
    "Title,First Name,Middle Name,Last Name,Suffix,Company,Department,Job Title,Business Street,"
    "Account,E-mail Address,E-mail Type,E-mail Display Name,E-mail 2 Address,Web Page,\r\n"
    '"Ms","Noa","","Berg","","Umbra","","Buyer","1 Quay\r\nHarbour","",'
    '"noa@umbra.example","SMTP","Noa Berg (noa@umbra.example)","","",\r\n'
)


@pytest.fixture
def read() -> Read:
    """The lines of a file with this content."""

    def lines(content: str | bytes, *traits: str) -> list[Line | BadLine]:
        data = content.encode() if isinstance(content, str) else content
        source = CustomerFile(lambda: BytesIO(data))
        header = read_header(source.names, traits)
        assert isinstance(header, Header)
        return list(source.lines(header))

    return lines


def good(line: Line | BadLine) -> Line:
    assert isinstance(line, Line), line
    return line


def told(lines: list[Line | BadLine]) -> list[tuple[int, str]]:
    """Every sentence with the number of its line."""
    return [
        (line.number, one)
        for line in lines
        for one in (line.sentences if isinstance(line, BadLine) else line.notes)
    ]


@pytest.mark.parametrize(
    ("content", "since", "unsubscribed"),
    [
        pytest.param(HUBSPOT, date(2026, 3, 4), True, id="HubSpot"),
        pytest.param(
            SALESFORCE.format("3/4/2026", "11/28/2026"), date(2026, 3, 4), True, id="Salesforce, US"
        ),
        pytest.param(
            SALESFORCE.format("04/03/2026", "28/11/2026"), date(2026, 3, 4), True, id="and British"
        ),
        pytest.param(SALESFORCE_GERMAN, date(2026, 3, 4), False, id="Salesforce, German"),
        pytest.param(DATA_LOADER, date(2026, 3, 4), True, id="Salesforce Data Loader"),
        pytest.param(GOOGLE, None, False, id="Google Contacts"),
        pytest.param(GOOGLE_OLD, None, False, id="Google Contacts before 2024"),
        pytest.param(PIPEDRIVE, date(2026, 3, 4), True, id="Pipedrive"),
        pytest.param(OUTLOOK, None, False, id="Outlook"),
    ],
)
def test_the_export_of(read: Read, content: str, since: date | None, *, unsubscribed: bool) -> None:
    line = good(read(content)[0])
    assert line.person
    assert line.account
    assert (line.person.key, line.person.name) == ("noa@umbra.example", "Noa Berg")
    assert (line.account.name, line.person.title) == ("Umbra", "Buyer")
    assert (line.person.known_since, line.person.unsubscribed) == (since, unsubscribed)
    assert line.person.assigned_to in {"Robin Vale", ""}


def test_what_stands_below_a_report_is_named_and_makes_nobody(read: Read) -> None:
    lines = read(SALESFORCE.format("3/4/2026", "11/28/2026"))
    assert [good(line).left_out for line in lines] == [False, False, True, True]
    assert told(lines)[0] == (
        6,
        '"Contacts of the north" is alone below the list, as reports end; left out.',
    )


def test_further_addresses_of_one_person_come_along(read: Read) -> None:
    (line,) = read(GOOGLE)
    person = good(line).person
    assert person
    assert person.keys == ("noa@umbra.example", "noa@home.example", "noa.berg@home.example")


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("Noa,Berg,,Umbra,", "Noa Berg has no email address, so only Umbra is taken in."),
        ("Noa,Berg,,,", "Noa Berg has no email address, and is left out."),
        ("Noa,,n/a,,", "Noa has no email address, and is left out."),
        (",,,,Buyer", "Somebody (Buyer) has no email address, and is left out."),
        (
            "Noa,Berg,/o=ExchangeLabs/ou=Group/cn=Recipients/cn=noa,,",
            "Noa Berg has no email address, and is left out.",
        ),
    ],
)
def test_who_has_no_email_address_is_named(read: Read, line: str, sentence: str) -> None:
    lines = read(
        f"First Name,Last Name,Email,Company,Job title\n{line}\n,,ida@umbra.example,Umbra,\n"
    )
    assert told(lines) == [(2, sentence)]
    assert good(lines[1]).person


@pytest.mark.parametrize(
    ("rows", "wrong", "people"),
    [
        pytest.param('a@x.example,"Max,X\nb@x.example,Zoe,X\n', [2], "b", id="to the end"),
        pytest.param('a@x.example,"Max,X\nb@x.example,"Zoe",X\n', [2], "b", id="to the next quote"),
        pytest.param('"a@x.example","Max,"X"\n"b@x.example","Zoe","X"\n', [2], "b", id="in a line"),
        pytest.param(
            'a@x.example,"Max,X\nb@x.example,Zoe",X\nc@x.example,Kim,X\n', [2], "c", id="and closed"
        ),
        pytest.param('a@x.example,Max,X\nb@x.example,Zoe,"X', [3], "a", id="in the last line"),
        pytest.param(
            'a@x.example,"Max,X\n' + "b@x.example,Zoe,X\n" * 1_500, [2], "b" * 1_500, id="in many"
        ),
    ],
)
def test_a_quote_left_open_is_named_by_its_line_and_swallows_nobody(
    read: Read, rows: str, wrong: list[int], people: str
) -> None:
    lines = read(f"Email,Name,Company\n{rows}")
    bad = [line for line in lines if isinstance(line, BadLine)]
    assert [line.number for line in bad] == wrong
    assert "quote is opened and never closed" in bad[0].sentences[0]
    found = [line.person.key[0] for line in lines if isinstance(line, Line) and line.person]
    assert found == list(people)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param("Email;Name;Company\r\nzoe@x.example;Zoe;X;;\r\n", id="trailing separators"),
        pytest.param("Email;Name;Company;;\r\nzoe@x.example;Zoe;X\r\n", id="in the header"),
        pytest.param("sep=;\r\nEmail;Name;Company\r\nzoe@x.example;Zoe;X\r\n", id="Excel's line"),
        pytest.param("\n\nEmail,Name,Company\nzoe@x.example,Zoe,X\n", id="lines above"),
        pytest.param(
            '"E-Mail *","Full name (first, last)","Company\nname"\nzoe@x.example,Zoe,X\n',
            id="remarks and breaks in the header",
        ),
        pytest.param(
            'Email, "Name", "Company"\nzoe@x.example, "Zoe", "X"\n', id="blanks before quotes"
        ),
        pytest.param("\ufeffemail_address,NAME,Company:\rzoe@x.example,Zoe,X\r", id="old Mac"),
        pytest.param(
            "Email,Name,Company\nZoe <mailto:zoe@x.example>,Zoe\0,X\n", id="marks in cells"
        ),
        pytest.param("Email,Name,Company\n\u200bzoe@x.example\xa0,Zoe,X\n", id="signs nobody sees"),
        pytest.param(
            '"E-mail\n(work, private)";Name;Firma\nzoe@x.example;Zoe;X\n', id="breaks above"
        ),
        pytest.param(
            "Email,Name,Account,Company,Health\nzoe@x.example,Zoe,n/a,X,-\n", id="nothing said"
        ),
    ],
)
def test_odd_files_are_read(read: Read, content: str) -> None:
    (line,) = read(content)
    assert good(line).notes == ()
    person, account = good(line).person, good(line).account
    assert person
    assert account
    assert (person.key, person.name, account.name) == ("zoe@x.example", "Zoe", "X")


@pytest.mark.parametrize(
    ("header", "cell", "sentence"),
    [
        ("Known since", "03/04/2026", "is not a date that can only mean one day"),
        ("Renews on", "next spring", "is not a date that can only mean one day"),
        ("Health", "high", "is not a whole number from 0 to 100"),
        ("Domain", "gmail.com", "Anybody can have an address at gmail.com"),
        ("Domain", "see notes", "is not a domain"),
        ("Unsubscribed", "perhaps", "so zoe@x.example gets no bulk mail"),
        ("Company name", "Y", 'Account is "X" as Account says; "Y" under Company name is left out'),
    ],
)
def test_an_optional_cell_that_cannot_be_read_is_told_and_left_out(
    read: Read, header: str, cell: str, sentence: str
) -> None:
    lines = read(f"Email,Account,{header}\nzoe@x.example,X,{cell}\n")
    assert good(lines[0]).person
    assert sentence in told(lines)[0][1]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("11/28/2026", date(2026, 11, 28)),
        ("28/11/2026 14:30", date(2026, 11, 28)),
        ("28.11.26", date(2026, 11, 28)),
        ("28-Nov-2026", date(2026, 11, 28)),
        ("28. November 2026", date(2026, 11, 28)),
        ("November 28, 2026 3:45 PM", date(2026, 11, 28)),
        ("2026/11/28", date(2026, 11, 28)),
        ("03/03/2026", date(2026, 3, 3)),
        ("31/02/2026", None),
        ("0/0/00", None),
    ],
)
def test_a_date_is_read_as(read: Read, text: str, day: date | None) -> None:
    person = good(read(f'Email,Created Date\nzoe@x.example,"{text}"\n')[0]).person
    assert person
    assert person.known_since == day


@pytest.mark.parametrize("before", ["", 'X,"zoe@x.example\n'])
def test_a_line_without_end_is_passed_over_and_told(read: Read, before: str) -> None:
    endless = "x," * (MOST_CHARACTERS // 2 + 9)
    lines = read(f"Account,Email\n{before}{endless}\nY,ben@y.example\n")
    assert "A cell has more than" in told(lines)[-1][1]
    assert good(lines[-1]).person
    assert len(lines) == 2 + bool(before)


def test_a_list_of_two_encodings_is_read_cell_by_cell_and_told(read: Read) -> None:
    head = b"Name,Email,Account\r\n"
    western = "Jürgen Groß,jg@umbra.example,Müller\r\n".encode("cp1252")
    unicode = "Zoë Ångström,zoe@umbra.example,Søn\r\n".encode()
    lines = read(head + western + unicode + unicode.replace(b"zoe", b"ida"))
    found = [one.person.name for line in lines if (one := good(line)).person]
    assert found == ["Jürgen Groß", "Zoë Ångström", "Zoë Ångström"]
    assert told(lines) == [(3, MIXED)]


def test_a_character_that_cannot_be_read_is_told(read: Read) -> None:
    lines = read(b"Name,Email\nNo\x81\xe4,noa@umbra.example\nIda,ida@umbra.example\n")
    assert told(lines) == [(2, UNREADABLE)]


def test_a_line_with_nothing_but_its_number_is_named_and_refuses_nothing(read: Read) -> None:
    lines = read(HUBSPOT + "102,,,,,,Robin Vale,,,,,2026-03-05 10:00,,\r\n")
    assert [good(line).left_out for line in lines] == [False, True]
    assert told(lines) == [(3, "It has neither an account nor an email address and is left out.")]


@pytest.mark.parametrize(
    "end",
    [
        pytest.param("kim@x.e", id="in a cell"),
        pytest.param("kim@x.example,Kim", id="behind a cell"),
        pytest.param(b"kim@x.example,Kim,Caf\xc3", id="in a letter"),
    ],
)
def test_a_file_that_was_cut_off_names_its_last_line(read: Read, end: str | bytes) -> None:
    cut = end if isinstance(end, bytes) else end.encode()
    lines = read("Email,Name,Company\nzoe@x.example,Zoë,X\n".encode() + cut)
    assert good(lines[0]).person
    (bad,) = [line for line in lines if isinstance(line, BadLine)]
    assert (bad.number, bad.sentences) == (3, (CUT,))
