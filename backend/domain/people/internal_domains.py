"""Which domain a workspace may claim: one that a company can own."""

from dataclasses import dataclass

from backend.domain.mail.domains import domain_key, is_free_mail, is_public_suffix

MAX_TYPED = 300
UNUSABLE = frozenset(chr(code) for code in range(32)) | {"\x7f", "/", "\\", "*"}


@dataclass(frozen=True)
class CheckedDomain:
    """A normalised domain, or the sentence why it cannot be claimed."""

    domain: str = ""
    wrong: str = ""


def checked_domain(typed: str) -> CheckedDomain:
    """Check a typed domain; a leading @ is left out.

    >>> checked_domain(" @Lumen.Example ").domain, checked_domain("gmail.com").domain
    ('lumen.example', '')
    """
    text = typed.strip().removeprefix("@")
    key = "" if len(text) > MAX_TYPED or UNUSABLE & set(text) else domain_key(text)
    if "." not in key.strip(".") or ".." in key or key.startswith((".", "-")):
        return CheckedDomain(wrong="Write a domain such as example.com.")
    if is_free_mail(key):
        return CheckedDomain(wrong=f"{key} belongs to everybody. Customers write from it as well.")
    if is_public_suffix(key):
        return CheckedDomain(wrong=f"{key} belongs to nobody: other names are registered below it.")
    return CheckedDomain(domain=key)
