"""What somebody wrote: quotes of many programs and languages, answers above, below and between."""
# ruff: noqa: RUF001 - letters of other alphabets look alike and are meant

from html import escape
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domain.mail.parse import parse_message
from backend.domain.mail.replies.text import own_text, reply_text

ANSWER = "Thank you, Tuesday suits us.\n\nBest regards\nMia"

# The line above the quote, as the programs of each language write it.
ATTRIBUTIONS = {
    "English, Gmail": "On Tue, Mar 3, 2026 at 9:14 AM Kim Doyle <kim@ours.example> wrote:",
    "English, wrapped": (
        "On Tue, Mar 3, 2026 at 9:14 AM Kim Doyle from Ours <\nkim@ours.example> wrote:"
    ),
    "English, Apple": "On 3 Mar 2026, at 09:14, Kim Doyle <kim@ours.example> wrote:",
    "English, no space": "On Mar 3, 2026, Kim Doyle\n<kim@ours.example>wrote:",
    "English, ruled": "---- On Tue, 03 Mar 2026 09:14:02 +0100 kim@ours.example wrote ----",
    "date first": "2026-03-03 9:14 GMT+01:00 Kim Doyle <kim@ours.example>:",
    "address first": "kim@ours.example wrote:",
    "Polish, Apple": "Wiadomość napisana przez Kim kim@ours.example w dniu 17.01.2026, 11:09:",
    "Arabic, with marks": (
        "\u202bفي ٠٤\u200f/٠٧\u200f/٢٠٢٦ الساعة ٣:٣٦ م، كتب/كتبت "
        "\u200fKim <kim@ours.example>:\u202c"
    ),
    "name first": "Kim Doyle <kim@ours.example> wrote:",
    "German": "Am Di., 3. März 2026 um 09:14 Uhr schrieb Kim Doyle <kim@ours.example>:",
    "German, name first": "Kim Doyle <kim@ours.example> schrieb am Di., 3. März 2026, 09:14:",
    "French": "Le mar. 3 mars 2026 à 09:14, Kim Doyle <kim@ours.example> a écrit :",
    "Spanish": "El mar, 3 mar 2026 a las 9:14, Kim Doyle (<kim@ours.example>) escribió:",
    "Italian": "Il giorno mar 3 mar 2026 alle ore 09:14 Kim Doyle <kim@ours.example> ha scritto:",
    "Portuguese": "Em ter., 3 de mar. de 2026 às 09:14, Kim Doyle <kim@ours.example> escreveu:",
    "Dutch": "Op di 3 mrt 2026 om 09:14 schreef Kim Doyle <kim@ours.example>:",
    "Dutch, Apple": (
        "Op 3 mrt. 2026 om 09:14 heeft Kim Doyle <kim@ours.example> het volgende geschreven:"
    ),
    "Swedish": "Den tis 3 mars 2026 kl 09:14 skrev Kim Doyle <kim@ours.example>:",
    "Danish": "Den 3. mar. 2026 kl. 09.14 skrev Kim Doyle <kim@ours.example>:",
    "Norwegian": "tir. 3. mars 2026 kl. 09:14 skrev Kim Doyle <kim@ours.example>:",
    "Finnish": "ti 3. maalisk. 2026 klo 9.14 Kim Doyle (kim@ours.example) kirjoitti:",
    "Polish": "wt., 3 mar 2026 o 09:14 Kim Doyle <kim@ours.example> napisał(a):",
    "Czech": "út 3. 3. 2026 v 9:14 odesílatel Kim Doyle <kim@ours.example> napsal:",
    "Russian": "вт, 3 мар. 2026 г. в 09:14, Kim Doyle <kim@ours.example>:",
    "Ukrainian": "вт, 3 бер. 2026 р. о 09:14 Kim Doyle <kim@ours.example> пише:",
    "Hungarian": "Kim Doyle <kim@ours.example> ezt írta (időpont: 2026. márc. 3., K, 9:14):",
    "Turkish": "Kim Doyle <kim@ours.example>, 3 Mar 2026 Sal, 09:14 tarihinde şunu yazdı:",
    "Vietnamese": "Vào 09:14 3 tháng 3, 2026, Kim Doyle <kim@ours.example> đã viết:",
    "Chinese": "Kim Doyle <kim@ours.example> 于2026年3月3日周二 09:14写道:",
    "Japanese": "2026年3月3日(火) 9:14 Kim Doyle <kim@ours.example>:",
}


@pytest.mark.parametrize("line", ATTRIBUTIONS.values(), ids=ATTRIBUTIONS)
@pytest.mark.parametrize("mark", ["> ", ""], ids=["marked", "unmarked"])
def test_the_quote_below_the_answer_goes(line: str, mark: str) -> None:
    quoted = "\n".join(f"{mark}{text}" for text in ("Does Tuesday suit you?", "", "Kim"))
    assert reply_text(f"{ANSWER}\n\n{line}\n\n{quoted}\n") == ANSWER


# Header blocks of Outlook and others: From, Sent, To, Subject.
LABELS = {
    "English": ("From", "Sent", "To", "Subject"),
    "German": ("Von", "Gesendet", "An", "Betreff"),
    "French": ("De", "Envoyé", "À", "Objet"),
    "Spanish": ("De", "Enviado", "Para", "Asunto"),
    "Italian": ("Da", "Inviato", "A", "Oggetto"),
    "Portuguese": ("De", "Enviada em", "Para", "Assunto"),
    "Dutch": ("Van", "Verzonden", "Aan", "Onderwerp"),
    "Swedish": ("Från", "Skickat", "Till", "Ämne"),
    "Danish": ("Fra", "Sendt", "Til", "Emne"),
    "Finnish": ("Lähettäjä", "Lähetetty", "Vastaanottaja", "Aihe"),
    "Polish": ("Od", "Wysłano", "Do", "Temat"),
    "Czech": ("Od", "Odesláno", "Komu", "Předmět"),
    "Russian": ("От", "Отправлено", "Кому", "Тема"),
    "Hungarian": ("Feladó", "Elküldve", "Címzett", "Tárgy"),
    "Turkish": ("Kimden", "Gönderildi", "Kime", "Konu"),
    "Chinese": ("发件人", "发送时间", "收件人", "主题"),
    "Japanese": ("差出人", "送信日時", "宛先", "件名"),
    "Korean": ("보낸 사람", "보낸 날짜", "받는 사람", "제목"),
}


@pytest.mark.parametrize("labels", LABELS.values(), ids=LABELS)
@pytest.mark.parametrize(
    "form", ["{}: {}", "*{}:* {}", "> {} : {}"], ids=["plain", "bold", "quoted"]
)
def test_a_header_block_below_the_answer_goes(labels: tuple[str, ...], form: str) -> None:
    values = ("Kim Doyle <kim@ours.example>", "3.3.2026 09:14", "Mia Lang", "Tuesday")
    block = "\n".join(form.format(*pair) for pair in zip(labels, values, strict=True))
    assert reply_text(f"{ANSWER}\n\n{'_' * 32}\n{block}\n\nHello\n") == ANSWER


RULES = {
    "English": "-----Original Message-----",
    "German": "-----Ursprüngliche Nachricht-----",
    "French": "-------- Message d'origine --------",
    "Spanish": "-----Mensaje original-----",
    "Danish": "-------- Oprindelig besked --------",
    "a forward of Gmail": "---------- Forwarded message ---------",
    "a forward of Apple": "Begin forwarded message:",
    "a forward in German": "Anfang der weitergeleiteten Nachricht:",
    "a help desk": "##- Please type your reply above this line -##",
}


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_everything_below_a_ruled_line_goes(rule: str) -> None:
    assert reply_text(f"{ANSWER}\n\n{rule}\nSomething old\n") == ANSWER


SIGNATURES = {
    "after two dashes and a space": "-- \nMia Lang\nAcme\n+49 30 123",
    "after two dashes": "--\nMia Lang\nAcme",
    "a mailing list": (
        "_______________________________________________\nteam mailing list\nteam@x.example"
    ),
    "iPhone": "Sent from my iPhone",
    "any telephone": "Sent from my Fairphone 5",
    "German": "Von meinem iPhone gesendet",
    "French": "Envoyé de mon iPhone",
    "Spanish": "Enviado desde mi iPhone",
    "Italian": "Inviato da iPhone",
    "Dutch": "Verstuurd vanaf mijn iPhone",
    "Swedish": "Skickat från min iPhone",
    "Hungarian": "Az iPhone-omról küldve",
    "Arabic": "\u202bأُرسلت من الـ iPhone\u202c",
    "Outlook in Portuguese": "Obter o Outlook para Android",
    "Outlook": "Get Outlook for iOS<https://aka.example/o>",
    "mere marks": "****\n======",
}


@pytest.mark.parametrize("signature", SIGNATURES.values(), ids=SIGNATURES)
def test_a_signature_goes_and_the_closing_stays(signature: str) -> None:
    assert reply_text(f"{ANSWER}\n\n{signature}\n") == ANSWER


UNTOUCHED = {
    "prose that begins like a quote": (
        "On the other hand, 3 of them wrote back.\n\nOn average it works."
    ),
    "a device in a sentence": "Yes.\n\nSent from my desk, is easier than from a mobile phone.",
    "dates in a list": "Dates:\n2026-03-03 09:14\n3.3.2026 09:14\nMar 3, 2026 at 9:14",
    "a disclaimer": "Yes.\n\nThis message is confidential and meant for its addressee only.",
    "rules inside a text": "## Points\n----\n\n1. One\n\n----\n\nThe end.",
    "an itinerary": "From: Berlin\nTo: Paris\n\nSee you there.",
    "a quote between own lines": "> Coming?\n\nYes, both of us.",
    "only a quote": "> Coming?",
    "only a forward": (
        "---------- Forwarded message ---------\nFrom: Kim <kim@ours.example>\n"
        "Date: Tue, Mar 3, 2026\nSubject: Offer\nTo: mia@acme.example\n\nHere it is."
    ),
}


@pytest.mark.parametrize("text", UNTOUCHED.values(), ids=UNTOUCHED)
def test_what_is_no_quote_stays(text: str) -> None:
    assert reply_text(text) == text


def test_answers_between_quoted_lines_show_the_quote_too() -> None:
    text = "On 3 May 2026, Kim wrote:\n> Price?\n\n100.\n\n> Date?\n\nTuesday.\n"
    shown = reply_text(text)
    assert shown == "> Price?\n\n100.\n\n> Date?\n\nTuesday."


def test_an_answer_below_the_quote_is_found() -> None:
    text = "On 3 May 2026, Kim wrote:\n> Price?\n> Date?\n\n100, on Tuesday.\n"
    assert reply_text(text) == "100, on Tuesday."


def test_a_long_quoted_line_that_was_wrapped_is_no_answer() -> None:
    long_line = "> " + "word " * 14 + "\nword.\n> More."
    assert reply_text(f"Yes.\n\nOn 3 May 2026, Kim wrote:\n{long_line}\n") == "Yes."


def test_an_attribution_above_a_header_block_goes_with_it() -> None:
    block = (
        "Am 20.06.26 um 16:20 schrieb Kim Doyle\nVon: Kim\nDatum: 20. Juni 2026\nAn: Mia\n\nOld\n"
    )
    assert reply_text(f"{ANSWER}\n{block}") == ANSWER


def test_an_attribution_at_the_end_of_a_line_is_cut_off() -> None:
    assert reply_text("Yes. On Tue, May 5, 2026, kim@ours.example wrote:\n> Coming?") == "Yes."


PROGRAMS = {
    "Gmail": (
        '<div class="gmail_quote gmail_quote_container"><div>Le 3 mai, Kim</div><p>Old</p></div>'
    ),
    "Apple Mail": '<blockquote type="cite"><div>Old</div></blockquote>',
    "Thunderbird": (
        '<div class="moz-cite-prefix">Kim:</div><blockquote type="cite">Old</blockquote>'
    ),
    "Yahoo": '<div id="yahoo_quoted_17" class="yahoo_quoted">Old</div>',
    "Outlook on the web": (
        '<div id="appendonsend"></div><hr><div id="divRplyFwdMsg">Von: Kim</div><p>Old</p>'
    ),
    "Outlook": (
        '<div><div style="border:none;border-top:solid #E1E1E1 1.0pt"><p><b>From:</b> Kim<br>'
        "<b>Sent:</b> Tuesday<br><b>To:</b> Mia</p></div></div><p>Old</p>"
    ),
    "Outlook for Mac, in capitals": (
        '<span id="OLK_SRC_BODY_SECTION"></span><div style="BORDER-TOP: #b5c4df 1pt solid">'
        "<b>From:</b> Kim<br><b>Date:</b> Tuesday<br><b>To:</b> Mia</div><p>Old</p>"
    ),
    "Outlook for Mac, torn apart": (
        '<pre><b>From:</b> Kim &lt;kim@ours.example&gt;</pre><span id="OLK_SRC_BODY_SECTION">'
        "<b>Date:</b> Tuesday<p>Old</p></span>"
    ),
    "Proton": '<div class="protonmail_quote">Old</div>',
    "a plain blockquote with an introduction": (
        "<p>2025년 6월 3일 (화) 오전 10:00, Kim &lt;kim@ours.example&gt;님이 작성:</p>"
        "<blockquote>Old</blockquote>"
    ),
}


@pytest.mark.parametrize("quote", PROGRAMS.values(), ids=PROGRAMS)
def test_structure_of_html_tells_the_quote_in_any_language(quote: str) -> None:
    html = f"<html><body><div>Tuesday suits us.</div><br>{quote}</body></html>"
    assert reply_text("", html) == "Tuesday suits us."


SHAPES = {
    "Korean": "2025년 6월 3일 (화) 오전 10:00, Kim <kim@ours.example>님이 작성:",
    "Japanese, without a verb": "2026年8月26日(金) 13:23 Kim <kim@ours.example>:",
    "Vietnamese": "Vào Th 6, 26 thg 8, 2026 vào lúc 13:23 Kim <kim@ours.example> đã viết:",
    "Arabic": "في الجمعة، 26 أغسطس 2026 في 1:23 م تمت كتابة ما يلي بواسطة Kim <kim@ours.example>:",
    "Hebrew, with marks": (
        "\u202bבתאריך יום ו׳, 26 באוג׳ 2026 מאת Kim <\u202akim@ours.example\u202c>:\u202c"
    ),
    "Thai": "ในวันที่ ศ. 26 ส.ค. 2026 เวลา 13:23 Kim <kim@ours.example> เขียนว่า:",
    "Hindi": "शुक्र, 26 अग॰ 2026 को 1:23 pm बजे को Kim <kim@ours.example> ने लिखा:",
    "Irish": "Ar Aoine 26 Lún 2026 ag 13:23, scríobh Kim <kim@ours.example>:",
    "Icelandic": "lau., 26. ágú. 2026 kl. 13:23 skrifaði Kim <kim@ours.example>:",
    "Hungarian, date last": "Kim <kim@ours.example> ezt írta (időpont: 2026. aug. 26., P, 13:23):",
    "no address": "El 26/08/2026 a las 13:23, Kim escribió:",
    "no address, date last": "Kim wrote on 8/26/26 1:23 PM:",
    "only an address": "Quoting Kim <kim@ours.example>:",
}


@pytest.mark.parametrize("line", SHAPES.values(), ids=SHAPES)
def test_the_line_above_a_quote_is_known_by_its_shape(line: str) -> None:
    wrapped = line.replace(" Kim <", "\nKim <") if " Kim <" in line and line[0] != "Q" else line
    for between in ("\n", "\n\n"):
        for shown in (line, wrapped):
            assert reply_text(f"Yes, ten.\n\n{shown}{between}> How many?\n> Kim\n") == "Yes, ten."
    html = f"<p>Yes, ten.</p><p>{escape(line)}</p><blockquote>How many?</blockquote>"
    assert reply_text("", html) == "Yes, ten."


def test_the_line_may_stand_behind_the_answer() -> None:
    line = "Am Freitag, August 26, 2026 13:23 CEST, schrieb Kim <kim@ours.example>:"
    assert reply_text(f"We take forty. - {line}\n> How many?\n") == "We take forty."
    html = f"We take forty. - {escape(line)}<br><blockquote type=cite>How many?</blockquote>"
    assert reply_text("", html) == "We take forty."


CONTENT = {
    "an indented sentence": (
        "<p>Please put this on the invoice:</p><blockquote>Order 4711</blockquote><p>Thanks</p>"
    ),
    "an indented end": "<p>Please put this on the invoice:</p><blockquote>Order 4711</blockquote>",
    "words of a web page": (
        "<p>Thanks, they say</p><blockquote cite='https://a.example/x'>Order 4711</blockquote>"
    ),
}


@pytest.mark.parametrize("html", CONTENT.values(), ids=CONTENT)
def test_what_the_writer_indented_is_content(html: str) -> None:
    shown = reply_text("", f"<html><body>{html}</body></html>")
    assert "Order 4711" in shown
    assert "Thanks" in html or shown.startswith("Please")


def test_an_indented_end_of_an_answer_is_what_it_answers() -> None:
    raw = (
        "Subject: Re: Seats\nIn-Reply-To: <ours@x>\nContent-Type: text/html\n\n"
        "<p>Ten.</p><blockquote>How many?</blockquote>"
    )
    assert own_text(parse_message(raw.encode())) == "Ten."
    assert own_text(parse_message(raw.replace("In-Reply-To", "X").encode())) == "Ten.\n\nHow many?"


def test_answers_between_the_lines_of_a_quote_in_html_are_shown() -> None:
    html = (
        "<div>See below.</div><div class='gmail_quote'><div class='gmail_attr'>Kim wrote:</div>"
        "<blockquote class='gmail_quote'>Price?</blockquote><div>100 each.</div>"
        "<blockquote class='gmail_quote'>Date?</blockquote><div>Tuesday.</div></div>"
    )
    shown = reply_text("", html)
    assert shown.split() == ["See", "below.", "100", "each.", "Tuesday."]


def test_html_that_is_only_a_quote_shows_everything() -> None:
    assert reply_text("", "<div class=gmail_quote>Begin: the offer</div>") == "Begin: the offer"


HOSTILE = [
    "> ",
    "*",
    "-",
    " ",
    "On 1 May 2026 ",
    "On 1 May 2026 x@y wrote:\n",
    "From: a@b\n",
    "a: ",
    "--\n",
    "Sent from ",
    "<div>",
    "<blockquote>",
    "(http",
    "_\n",
    "x@y ",
    ">\na\n",
]


@pytest.mark.parametrize("unit", HOSTILE)
def test_a_hostile_text_costs_less_than_a_second(unit: str) -> None:
    text = unit * (200_000 // len(unit))
    start = process_time()
    reply_text(text)
    reply_text("", text)
    assert process_time() - start < 1


PIECES = [
    "On 3 May 2026, Kim <k@x> wrote:",
    "> a",
    ">",
    "",
    "-- ",
    "text",
    "From: k@x",
    "To: m@x",
    "Sent: 2026",
    "Sent from my iPhone",
    "-----Original Message-----",
    "\x1f",
    "\u2028",
    "<",
    "wrote:",
]


@given(st.lists(st.sampled_from(PIECES), max_size=20))
def test_something_is_always_left_and_nothing_is_added(lines: list[str]) -> None:
    text = "\n".join(lines)
    kept = reply_text(text)
    assert set(kept.split()) <= set(text.split())
    if any(line.strip() for line in lines):
        assert kept.strip()


@given(st.text(max_size=300), st.text(alphabet='<>/divblockquote ="class', max_size=300))
def test_stripping_never_raises(text: str, html: str) -> None:
    reply_text(text, html)
