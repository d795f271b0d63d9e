"""Bytes to letters where senders and standards disagree."""
# ruff: noqa: RUF001 - letters of other alphabets look alike and are meant

from time import process_time

import pytest

from backend.domain.mail.mime.charsets import decode_bytes
from backend.domain.mail.parse import parse_message

JAPANESE = {
    "kanji": ("日本語", "日本語".encode("iso2022_jp")),
    "a circled digit": ("①", b"\x1b$B-!\x1b(B"),
    "half-width kana": ("ｱｲ", b"\x1b(I12\x1b(B"),
    "no way back to ASCII": ("日本", "日本".encode("iso2022_jp").removesuffix(b"\x1b(B")),
    "lines": ("日\n本", "日\n本".encode("iso2022_jp")),
    "another charset under this name": ("日本語", "日本語".encode("euc_jp")),
    "no escape at all, though it says so": ("Zoë", "Zoë".encode()),
}


@pytest.mark.parametrize(("text", "data"), JAPANESE.values(), ids=JAPANESE)
def test_japanese_as_it_is_sent(text: str, data: bytes) -> None:
    assert decode_bytes(data, "ISO-2022-JP") == text


def test_every_letter_of_the_standard_survives_the_way_round() -> None:
    text = "".join(chr(code) for code in range(0x3041, 0x3097)) + "亜腕弌熙纊"
    known = text.encode("iso2022_jp", "ignore")
    assert decode_bytes(known, "iso-2022-jp") == known.decode("iso2022_jp")


def test_a_subject_is_one_line_without_controls() -> None:
    raw = b"Subject: =?utf-8?q?Offer=1B=5B31m=0D=0A_=E2=80=AE2?=\n\nHi"
    assert parse_message(raw).subject == "Offer [31m 2"


def test_a_wide_space_in_a_subject_stays() -> None:
    assert parse_message("Subject: 新商品　価格\n\nHi".encode()).subject == "新商品　価格"


def test_half_a_character_is_replaced() -> None:
    assert decode_bytes(b"a+2D0-b+2D3cAQ-", "utf-7") == "a\ufffdb\U0001f401"


WIDE = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be")


@pytest.mark.parametrize("encoding", WIDE)
def test_a_mail_saved_by_an_editor_is_read(encoding: str) -> None:
    mail = "From: mia@acme.example\r\nSubject: Größe\r\n\r\nGrüße\r\n".encode(encoding)
    message = parse_message(mail)
    assert message.sender is not None
    assert (message.sender.key, message.subject) == ("mia@acme.example", "Größe")
    assert message.text.strip() == "Grüße"


def test_nothing_but_zeros_is_an_empty_mail() -> None:
    assert parse_message(bytes(5000)).text.strip() == ""


RUSSIAN = "Добрый день, Мария! Мы получили договор и отправим подписанный экземпляр до пятницы."
GREEK = "Ευχαριστούμε για το μήνυμά σας. Λάβαμε το συμβόλαιο και θα στείλουμε το αντίγραφο."
TAIWANESE = "您好,感謝您的來信。我們已經收到合約,會在星期五之前寄回簽署的版本。謝謝您的耐心等候。"
CHINESE = "您好,感谢您的来信。我们已经收到合同,会在星期五之前寄回签署的版本。谢谢您的耐心等候。"
JAPANESE_MAIL = (
    "お世話になっております。契約書を受け取りました。金曜日までに書類をお送りいたします。"
)
KOREAN = "안녕하세요. 보내주신 메일 감사합니다. 금요일까지 서명한 사본을 보내드리겠습니다."
UNDECLARED = {
    "koi8-r": RUSSIAN,
    "cp1251": RUSSIAN,
    "cp1253": GREEK,
    "big5": TAIWANESE,
    "gb18030": CHINESE,
    "cp932": JAPANESE_MAIL,
    "euc_jp": JAPANESE_MAIL,
    "cp949": KOREAN,
}


@pytest.mark.parametrize("claim", ["", "; charset=us-ascii", "; charset=utf-8", "; charset=x-nil"])
@pytest.mark.parametrize("charset", UNDECLARED)
def test_a_body_in_another_script_is_read_though_nothing_true_is_said_of_it(
    charset: str, claim: str
) -> None:
    text = UNDECLARED[charset]
    mail = f"Content-Type: text/plain{claim}\n\nHello all,\n".encode() + text.encode(charset)
    message = parse_message(mail)
    assert message.text == f"Hello all,\n{text}"
    assert "charset_guessed" in message.defects


def test_a_raw_subject_is_read_with_the_help_of_the_body() -> None:
    mail = f"Subject: Договор\nFrom: a@b.example\n\n{RUSSIAN}".encode("koi8-r")
    assert parse_message(mail).subject == "Договор"


WESTERN = (
    "Guten Tag Frau Müller, über Rückfragen zur geänderten Größe würden wir uns natürlich freuen.",
    "Hélène, l’été dernier, où étiez-vous allée ? Ça m’a vraiment étonné, à bientôt, François",
    "Señor Núñez: ¿mañana habrá reunión? Sí, quizás también la próxima. ¡Adiós! Ángel Ibáñez",
    "Hej Åsa, får jag fråga när ni är på plats? Hör av dig så löser vi det. Örjan Sjöström",
    "Grüße\n" + 70 * "—" + "\n" + 20 * "• Punkt\n" + 40 * "…" + " " + 50 * "»" + "\nJörg Weiß",
)


@pytest.mark.parametrize("text", WESTERN)
def test_western_text_is_never_guessed_at(text: str) -> None:
    message = parse_message(b"Subject: x\n\n" + text.encode("cp1252"))
    assert message.text == text
    assert "charset_guessed" not in message.defects


@pytest.mark.parametrize("charset", ["cp1252", "koi8-r", "big5", "iso-8859-1", "windows-1251"])
def test_a_claim_that_holds_is_believed(charset: str) -> None:
    data = "Ж".encode("koi8-r") * 60
    mail = f"Content-Type: text/plain; charset={charset}\n\n".encode() + data
    assert parse_message(mail).text == decode_bytes(data, charset)


def test_few_guesses_are_made_for_a_message_of_many_parts() -> None:
    part = b"--b\n\n" + bytes(range(160, 256)) * 40 + b"\n"
    mail = b"Content-Type: multipart/mixed; boundary=b\n\n" + part * 400
    begun = process_time()
    parse_message(mail)
    assert process_time() - begun < 2
