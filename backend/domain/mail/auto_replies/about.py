"""Patterns of people who write about automatic replies: the counterpart of `phrases`.

Compared without accents, see `phrases.plain`. Every run in a pattern is bounded.
"""

from backend.domain.mail.lazy_pattern import lazy_pattern

AFTER_AWAY = lazy_pattern(
    r"\s{0,3}(?:$|[:\])>(\-\u2013\u2014|!.,\"'\u00bb\u3010/]|\d"
    r"|(?:re|aw|until|till|til|from|to|on|next|this|today|tomorrow|through|back|return\w{0,4}|week"
    r"|bis|vom|von|ab|im|am|ferien|du|au|de|des|jusqu|desde|hasta|del|dal|al|fino|van|tot|vanaf|fra"
    r"|fran|do|od|ate|ab)\b|\b[\u0441\u0434\u043f]\w?\b)"
)
"""What follows such a title when nothing is asked: the end, punctuation, or a time."""

_MACHINE_MAIL = (
    r"(?:auto(?:matic|mated|matische\w?|matisch)?[- ]?(?:repl(?:y|ies)|respon\w{2,6}|answers?"
    r"|messages?|mails?|antwort(?:en)?|svar\w{0,4}|antwoord\w{0,2})"
    r"|out[- ]of[- ](?:the[- ])?office|ooo|vacation (?:message|repl|respon|noti)"
    r"|abwesenheits\w{3,12}|reponses? automatiques?|messages? d'absence|repondeur"
    r"|respuestas? automaticas?|rispost[ae] automatic\w{1,2}|respostas? automaticas?)\b"
)
ABOUT = lazy_pattern(
    r"(?<!\bis )(?<!\bist )(?<!\best )(?<!\bare )\b(?:the|our|your|his|her|their|that|these"
    r"|those|any|der|die|das|den|dem|eure?|ihre?|unsere?|deine?|keine?"
    r"|la|le|les|votre|vos|notre|ton|ta|el|su|tu"
    r"|nuestra|il|vostra|nostra|tua|sua|nossa|de|het|jullie|onze|din|er)"
    rf" (?:\w{{1,14}} ){{0,1}}{_MACHINE_MAIL}"
)
"""A person mentions an automatic reply; a machine would say that it is one."""

ABOUT_MINE = lazy_pattern(
    rf"\b(?:my|an?|meine?|eine?|mon|une?|mi|una|mia|minha|mijn|een) {_MACHINE_MAIL}"
)
GREETING = lazy_pattern(
    r"\W{0,5}(?:hi|hello|hey|dear|good (?:morning|day|afternoon|evening)|hallo|guten (?:tag|morgen)"
    r"|liebe[rs]?|sehr geehrte[rs]?|bonjour|salut|chere?|hola|buenos dias|estimad[oa]|ciao"
    r"|buongiorno|gentile|ola|bom dia|caro|cara|prezad[oa]|hej|hei|beste|geachte|dag|czesc|witam"
    r"|ahoj|dobry den|здравствуйте|привет|добрый день)\b"
)
