"""Machines that answer, in many languages and without a field that says so; and people who do."""
# ruff: noqa: RUF001 - letters of other alphabets look alike and are meant

from time import process_time

import pytest

from backend.domain.mail.auto_replies.phrases import plain
from backend.domain.mail.kinds import MailKind, classify
from backend.domain.mail.parse import parse_message


def kind(
    subject: str,
    body: str = "Hi",
    *lines: str,
    sender: str = "mia@acme.example",
    to: str = "kim@ours.example",
) -> MailKind:
    head = [f"From: {sender}", f"To: {to}", f"Subject: {subject}", *lines]
    return classify(parse_message("\n".join([*head, "", body]).encode()))


TITLES = {
    "English": "Automatic reply: Offer",
    "Latvian of Exchange": "Ārpus biroja atrašanās automātiskā atbilde: Offer",
    "English, Exchange": "Out of Office AutoReply: Offer",
    "English, Notes": "AUTO: Mia Lang is out of the office (returning 05/01/2026)",
    "English, in brackets": "[Auto-Reply] Offer",
    "English, of a phone": "Auto: Re: Offer",
    "German, Notes": "AUTO: Mia Lang ist außer Haus (Rückkehr am 10.05.2026)",
    "German": "Abwesenheitsnotiz: Offer",
    "German, Exchange": "Automatische Antwort: Offer",
    "French": "Réponse automatique : Offer",
    "Spanish": "Respuesta automática: Offer",
    "Italian": "Risposta automatica: Offer",
    "Portuguese": "Resposta automática: Offer",
    "Dutch": "Automatisch antwoord: Offer",
    "Swedish": "Autosvar: Offer",
    "Finnish": "Automaattinen vastaus: Offer",
    "Polish": "Odpowiedź automatyczna: Offer",
    "Czech": "Automatická odpověď: Offer",
    "Hungarian": "Automatikus válasz: Offer",
    "Greek": "Αυτόματη απάντηση: Offer",
    "Russian": "Автоматический ответ: Offer",
    "Turkish": "Otomatik Yanıt: Offer",
    "Japanese": "自動応答: Offer",
    "Chinese": "自动回复: Offer",
    "Korean": "자동 회신: Offer",
    "no accents written": "Reponse automatique: Offer",
}


@pytest.mark.parametrize("subject", TITLES.values(), ids=TITLES)
def test_the_name_of_such_an_answer_marks_it(subject: str) -> None:
    assert kind(subject) is MailKind.AUTO_REPLY
    assert kind(f"Re: {subject}", "Hi", "In-Reply-To: <ours@x>") is MailKind.HUMAN


@pytest.mark.parametrize(
    "subject",
    [
        *("Out of Office: Offer", "Urlaub", "Ausente", "OOO next week", "Out of Office Re: Offer"),
        *("Mia Lang is out of the office", "Mia Lang ist im Urlaub"),
    ],
)
def test_words_that_people_use_need_a_second_sign(subject: str) -> None:
    assert kind(subject) is MailKind.HUMAN
    for second in ("In-Reply-To: <ours@x>", "Return-Path: <>", "Precedence: junk"):
        assert kind(subject, "Hi", second) is MailKind.AUTO_REPLY


ABOUT = {
    "a question about the own one": (
        "Out of office message: how do I change the text?",
        "Hello Robin, how do I change the text of that message? Dana",
    ),
    "a report of a wrong one": (
        "Autoresponder - wrong language",
        "Hi Robin, the autoresponder answers in French. Dana",
    ),
    "a name that begins so": ("Absence management pilot", "Hi, we want ten seats for the pilot."),
    "a question in German": (
        "Abwesenheitsnotiz: bitte um Hilfe",
        "Guten Tag Kim, die Abwesenheitsnotiz kommt doppelt an. Mia",
    ),
    "a question in French": (
        "Réponse automatique",
        "Bonjour, pouvez-vous arrêter vos réponses automatiques ?",
    ),
    "an answer that repeats it": (
        "Automatic reply",
        'Hi Kim, all I get from you is "This is an automatic reply". Please call me.',
    ),
}


@pytest.mark.parametrize(("subject", "text"), ABOUT.values(), ids=ABOUT)
def test_a_person_who_writes_about_such_mail_is_a_person(subject: str, text: str) -> None:
    assert kind(subject, text, to="Kim Berg <kim@ours.example>") is MailKind.HUMAN
    answered = kind(subject, text, "In-Reply-To: <ours@x>", to="Robin Vale <robin@ours.example>")
    assert (answered is MailKind.HUMAN) is (subject != "Automatic reply")
    assert kind(subject, text, "Auto-Submitted: auto-replied") is MailKind.AUTO_REPLY


@pytest.mark.parametrize(
    "tag", ["[External]", "EXT:", "***SPAM***", "[EXTERN] (Extern)", "{Spam?}", "\u26a0 External:"]
)
def test_a_tag_of_a_gateway_hides_no_title(tag: str) -> None:
    assert kind(f"{tag} Automatic reply: Offer") is MailKind.AUTO_REPLY
    assert kind(f"{tag} Out of office", "Hi", "In-Reply-To: <ours@x>") is MailKind.AUTO_REPLY
    assert kind(f"{tag} Re: Automatic reply", "No.", "In-Reply-To: <o@x>") is MailKind.HUMAN


def test_mail_that_a_rule_handed_on_is_of_whoever_wrote_it() -> None:
    assert kind("Re: Offer", "Yes.", "Auto-Submitted: auto-forwarded") is MailKind.HUMAN
    assert kind("Re: Offer", "Yes.", "Auto-Submitted: auto-generated") is MailKind.AUTO_REPLY


NOTES = {
    "English, short": "I am away until Monday. For urgent matters write to bert@x.example.",
    "English": "I am currently out of the office and will return on 5 May.\nI have limited access"
    " to my email. For urgent matters write to Jon.",
    "German": "Ich bin bis zum 5. Mai nicht im Büro. In dringenden Fällen hilft meine Vertretung.\n"
    "Ihre E-Mail wird nicht weitergeleitet.",
    "French": "Je suis actuellement absente jusqu'au 5 mai. En cas d'urgence, écrivez à Jon.",
    "Spanish": "Estaré fuera de la oficina hasta el 5 de mayo. Para asuntos urgentes, Jon ayuda.",
    "Dutch": "Ik ben momenteel afwezig tot 5 mei. Bij spoed kunt u Jon mailen.",
}


@pytest.mark.parametrize("note", NOTES.values(), ids=NOTES)
def test_a_note_that_says_all_is_one_without_any_field(note: str) -> None:
    assert kind("Offer", note) is MailKind.AUTO_REPLY


OF_ITSELF = {
    "English": "This is an automated response. Your words arrived.",
    "German": "Diese E-Mail wurde automatisch erstellt.",
    "French": "Ceci est une réponse automatique.",
    "Spanish": "Este es un mensaje automático.",
    "Portuguese": "Esta é uma mensagem automática.",
    "Italian": "Questo è un messaggio automatico.",
    "Dutch": "Dit is een automatisch gegenereerd bericht.",
    "Danish": "Dette er et automatisk svar.",
    "Polish": "To jest automatyczna odpowiedź.",
    "Russian": "Это автоматическое уведомление.",
    "Japanese": "このメールは自動的に送信されています。",
    "Chinese": "此为系统自动发送的邮件。",
    "Korean": "이 메일은 자동으로 발송되었습니다.",
}


@pytest.mark.parametrize("text", OF_ITSELF.values(), ids=OF_ITSELF)
def test_a_machine_that_says_so_is_believed(text: str) -> None:
    assert kind("Re: Offer", text, "In-Reply-To: <ours@x>") is MailKind.AUTO_REPLY


def test_but_not_when_the_words_are_quoted() -> None:
    quoted = "Why did I get this?\n\nOn 3 May 2026, Kim wrote:\n> This is an automated message.\n"
    assert kind("Re: Offer", quoted) is MailKind.HUMAN


TICKETS = {
    "English": ("[#48213] Offer", "We have received your request. We will reply within 24 hours."),
    "a desk with a number in the text": (
        "Offer",
        "Thank you for contacting us. Your ticket 48213 has been created.\nTicket number: 48213",
    ),
    "German": (
        "[Ticket#48213] Offer",
        "Vielen Dank für Ihre Anfrage. Ihre Nachricht ist bei uns eingegangen.",
    ),
    "French": ("[Ticket 48213]", "Nous avons bien reçu votre demande. Merci de nous avoir écrit."),
}


@pytest.mark.parametrize(("subject", "text"), TICKETS.values(), ids=TICKETS)
def test_an_acknowledgement_of_a_desk_is_a_machine(subject: str, text: str) -> None:
    assert kind(subject, text, sender="support@acme.example") is MailKind.AUTO_REPLY


def test_a_filter_that_asks_for_proof_is_a_machine() -> None:
    text = "This account is protected by a filter.\nClick the link below to have it delivered."
    assert kind("Re: Offer", text) is MailKind.AUTO_REPLY


PEOPLE = {
    "away, briefly": "I'm out of the office until Monday, can we talk then?",
    "away, in an answer": "I am on vacation until 5 May. If it is urgent, ask Jon about the price.",
    "received": "We have received your offer and like it. When can you start?",
    "thanks": "Thank you for your message. Tuesday is fine.",
    "automation": "We automated the import. The replies are sent automatically by our CRM, so the"
    " automatic reply was not from me.",
    "a ticket": "Our ticket system says 48213 was closed, but nothing works.",
}


@pytest.mark.parametrize("text", PEOPLE.values(), ids=PEOPLE)
def test_people_say_some_of_it_too(text: str) -> None:
    assert kind("Re: Offer", text, "In-Reply-To: <ours@x>") is MailKind.HUMAN


@pytest.mark.parametrize("filler", ["(", "a ", "auto ", "re: ", "i am ", "\u0301"])
def test_long_subjects_and_texts_cost_little(filler: str) -> None:
    start = process_time()
    kind(filler * (100_000 // len(filler)), filler * (100_000 // len(filler)))
    assert process_time() - start < 1


def test_letters_are_compared_without_accents() -> None:
    assert plain("Frånvaro ÄR øl") == "franvaro ar ol"
