"""Whether a mail was written by a machine in answer to ours: absence notes and receipts.

Separate because the table of fields and subjects grows by language. RFC 3834 names one field; the
rest is what systems really send. A subject alone proves nothing: people write "out of office", too.
"""

import re

from backend.domain.message import ParsedMessage

# Present with any value but these means: written by a machine.
_FIELDS = ("x-autoreply", "x-autorespond", "x-autoresponder", "x-auto-reply", "x-auto-responder")
_PRECEDENCE = frozenset({"auto_reply", "auto-reply", "autoreply"})
_EMPTY_PATHS = frozenset({"<>", "<mailer-daemon>"})
_SUBJECT = re.compile(
    r"^\W*(?:(?:re|aw|sv|antw|vs|tr) ?: *)?\W*(?:"
    r"automatic (?:reply|response)|auto(?:mated|matic)?[- ]?(?:reply|response|respond\w*|answer)\b"
    r"|out[- ]of[- ](?:the[- ])?office|ooo\b|away from (?:the |my )?office"
    r"|on (?:vacation|annual leave)|vacation (?:reply|response|notice|message)"
    r"|absence (?:notice|notification)|i am (?:away|out)"
    r"|abwesen\w+|automatische (?:antwort|e-?mail-antwort|beantwortung)|urlaub\w*"
    r"|nicht im (?:büro|haus)|réponse automatique|absence du bureau|absent du bureau"
    r"|message d['\u2019]absence|respuesta automática|fuera de (?:la )?oficina|ausencia|ausente"
    r"|risposta automatica|fuori (?:sede|ufficio)|assenza|non in ufficio"
    r"|resposta automática|fora do escritório|ausência"
    r"|automatisch (?:antwoord|bericht)|afwezig\w*|niet op kantoor"
    r"|autosvar|automatisk(?:t)? svar\w*|frånvaro\w*|fravær\w*|ikke til stede"
    r"|automaattinen vastaus|poissa|poissaolo\w*"
    r"|automatyczna odpowiedź|odpowiedź automatyczna|poza biurem|nieobecn\w*"
    r"|automatická odpověď|mimo kancelář|nepřítomnost|automatikus válasz|házon kívül"
    r"|автоматический ответ|автоответ|отсутств\w*|нет на месте"
    r"|otomatik (?:yan\u0131t|cevap)|ofis d\u0131\u015f\u0131nda|自動応答|自動返信|不在"
    r"|自动(?:回复|答复)|自動回覆|外出|자동 ?(?:회신|응답)|부재"
    r")",
    re.IGNORECASE,
)


def is_auto_reply(message: ParsedMessage) -> bool:
    """Whether a machine answered. Fields decide alone; a subject needs a second sign."""
    if _says_so(message):
        return True
    if not _SUBJECT.search(message.subject):
        return False
    empty_path = message.first("return-path").strip().lower() in _EMPTY_PATHS
    answers = bool(message.in_reply_to or message.references)
    return empty_path or answers or "x-auto-response-suppress" in message.headers


def is_receipt(message: ParsedMessage) -> bool:
    """A read or delivery receipt (RFC 8098, RFC 3464): no answer of a person."""
    kinds = {part.content_type for part in message.machine_parts}
    return (
        message.report_type in {"disposition-notification", "delivery-status"}
        or "message/disposition-notification" in kinds
        or "message/delivery-status" in kinds
    )


def _says_so(message: ParsedMessage) -> bool:
    submitted = message.first("auto-submitted").partition(";")[0].partition("(")[0].split()
    if submitted and submitted[0].lower() != "no":
        return True
    if message.first("precedence").strip().lower() in _PRECEDENCE:
        return True
    return any(message.first(name).strip().lower() not in ("", "no") for name in _FIELDS)
