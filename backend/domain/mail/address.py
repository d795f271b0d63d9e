"""Parses an email address, and decides when two spellings are the same identity.

Matching, suppression and storage use one key. The key folds letter case and IDNA only: dots and
plus tags differ between providers and are used to suggest, never to match (RFC 5321 §2.4, UTS 46).
"""

import re
from functools import lru_cache

from email_validator import EmailNotValidError, validate_email

from backend.domain.mail.domains import domain_key, is_free_mail, registrable_domain
from backend.domain.mail.normal_forms import normalized

__all__ = [
    "address_key",
    "clean_name",
    "domain_of",
    "folded",
    "is_contact_address",
    "is_free_mail",
    "is_role_address",
    "is_valid_address",
    "registrable_domain",
]

MAX_ADDRESS_CHARS = 320
_BIDI_AND_CONTROL = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+"
)
_SPACES = re.compile(r"\s+")
# A quoted local part (RFC 5321 §4.1.2), and an escaped character in it.
_QUOTED_LOCAL = re.compile(r"\"(?:[^\"\\]|\\.)++\"")
_NEEDS_NO_QUOTES = re.compile(r"[\w!#$%&'*+/=?^`{|}~-]++(?:\.[\w!#$%&'*+/=?^`{|}~-]++)*+")
_ESCAPED = re.compile(r"\\(.)")
_QUOTED_CHARS = re.compile(r"[\\\"]")
_GMAIL = frozenset({"gmail.com", "googlemail.com"})
_IP_LITERAL = re.compile(r"\[.*\]|\d{1,3}(\.\d{1,3}){3}")
# Role addresses, not a person's (RFC 2142, and what mailers use).
_ROLES = frozenset(
    {"abuse", "accounting", "accounts", "admin", "administrator", "alerts", "automailer", "billing"}
    | {"bounce", "bounces", "calendar-notification", "careers", "contact", "daemon", "donotreply"}
    | {"enquiries", "feedback", "finance", "ftp", "hello", "help", "helpdesk", "hostmaster", "hr"}
    | {"info", "invoice", "invoices", "it", "jobs", "kontakt", "legal", "list", "listserv", "mail"}
    | {"mailer", "mailer-daemon", "mailerdaemon", "majordomo", "marketing", "media", "newsletter"}
    | {"news", "no-reply", "nobody", "noc", "noreply", "notification", "notifications", "notify"}
    | {"office", "orders", "postmaster", "press", "privacy", "reply", "root", "sales", "security"}
    | {"service", "services", "spam", "sso", "subscribe", "success", "support", "sysadmin", "team"}
    | {"unsubscribe", "usenet", "uucp", "webmaster", "www"}
)
_ROLE_START = ("no-reply", "noreply", "no_reply", "donotreply", "do-not-reply", "bounce", "mailer-")


@lru_cache(maxsize=65_536)
def address_key(text: str) -> str:
    r"""The identity of an address; empty when the text is none.

    >>> address_key(" Mia.Lang@BÜCHER.example. "), address_key("nobody")
    ('mia.lang@xn--bcher-kva.example', '')
    >>> address_key(r'"Mia\ Lang"@a.example') == address_key('"mia lang"@a.example')
    True
    """
    text = text.strip().strip("<>").strip()
    local, at, domain = text.rpartition("@")
    if not at or not local or not domain or len(text) > MAX_ADDRESS_CHARS:
        return ""
    domain = domain_key(domain)
    local = local if local.isascii() else normalized("NFKC", local)
    if not domain or _BIDI_AND_CONTROL.search(local + domain):
        return ""
    if _QUOTED_LOCAL.fullmatch(local):
        local = _unquoted(_ESCAPED.sub(r"\1", local[1:-1]))
    elif not local.strip('"') or any(char.isspace() or char in "<>," for char in local):
        return ""
    return f"{local.lower()}@{domain}"


def _unquoted(content: str) -> str:
    """A quoted local part in canonical form: quoted only where it needs quotes."""
    if _NEEDS_NO_QUOTES.fullmatch(content):
        return content
    return '"' + _QUOTED_CHARS.sub(lambda found: "\\" + found[0], content) + '"'


def domain_of(key: str) -> str:
    """The domain of an address key."""
    return key.rpartition("@")[2]


def is_contact_address(key: str) -> bool:
    """Whether a contact may have this address: a domain with a dot that is no IP address."""
    domain = domain_of(key)
    return "." in domain and "@" in key and not _IP_LITERAL.fullmatch(domain)


def is_valid_address(text: str) -> bool:
    """Whether an entered address can be written to, by syntax alone (no look-ups)."""
    if len(text) > MAX_ADDRESS_CHARS:
        return False
    try:
        validate_email(text, check_deliverability=False, allow_quoted_local=True)
    except (EmailNotValidError, ValueError):
        return False
    return True


def is_role_address(key: str) -> bool:
    """Whether an address is a role's: such a sender does not become a person.

    >>> is_role_address("no-reply@acme.example"), is_role_address("infante@acme.example")
    (True, False)
    """
    local = key.partition("@")[0].partition("+")[0]
    return (
        local in _ROLES or local.startswith(_ROLE_START) or local.endswith(("-noreply", ".noreply"))
    )


def folded(key: str) -> str:
    """A folded key: equal folded keys suggest one person. Only Gmail's own domains are folded.

    >>> folded("m.ia+crm@googlemail.com"), folded("m.ia@acme.example")
    ('mia@gmail.com', 'm.ia@acme.example')
    """
    local, _, domain = key.partition("@")
    if domain not in _GMAIL:
        return key
    return local.partition("+")[0].replace(".", "") + "@gmail.com"


def clean_name(text: str) -> str:
    r"""A display name on one line, without control and direction marks, at most 200 characters.

    >>> clean_name("Mia\u202e gnaL ")
    'Mia gnaL'
    """
    if text.isascii() and text.isprintable() and "  " not in text:
        return text.strip()[:200]
    return _SPACES.sub(" ", _BIDI_AND_CONTROL.sub("", text.replace("\n", " "))).strip()[:200]
