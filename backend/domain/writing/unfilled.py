"""Variables that nobody filled in: `{{first_name}}`, `[Name]` and their like in what was written.

Mail that says "Hi {{first_name}}" has left from every product of this kind; here it stops while its
author is still looking at it.
"""

import re

MOST_NAMED = 3

_MARKS = re.compile(
    r"\{\{[^{}\n]{0,80}\}\}?|\{%[^%\n]{0,80}%\}|\*\|[^|\n]{1,40}\|\*|%%[\w .-]{1,40}%%"
    r"|<<[\w .-]{1,40}>>|<%=[^%\n]{1,80}%>"
    r"|\$\{[\w .-]{1,40}\}",
)
# Not the links of Markdown, an index or an argument in code, or an element with its end.
_BRACKETS = re.compile(
    r"(?<![\w\])\\{])(?:[\[<\uff3b«]|[#$]?\{!?)([^\[\]<>{}«»\uff3b\uff3d\n]{2,40})"
    r"(?:[\]>\uff3d»](?![\[(]|:\s{0,3}http)|\})"
)
_ENDS = re.compile(r"</([^\[\]<>{}\n]{2,40})>")
_SIGNS = re.compile(r"(?<!\w)(%|\$|@@|##)([a-z][\w.]{1,39})\1(?!\w)", re.IGNORECASE)
_ASKED_FOR = frozenset(
    {
        *("name", "company", "account", "firm", "date", "time", "title", "topic", "product"),
        *("number", "amount", "link", "role", "position", "phone", "email", "address", "city"),
        *("country", "signature", "greeting", "salutation", "placeholder", "vorname", "nachname"),
        *("anrede", "firma", "datum", "betrag", "nom", "prénom", "entreprise", "société"),
        *("nombre", "empresa", "apellido", "cognome", "azienda", "firstname", "lastname"),
        *("client", "customer", "recipient", "tbd", "tbc", "xx", "xxx", "nome", "naam", "bedrijf"),
        *("firmenname", "unternehmen", "kundenname", "имя", "会社名", "お名前"),
    }
)
"""What a writer is asked to put in."""

_BESIDE = frozenset(
    {
        *("insert", "enter", "your", "the", "their", "a", "an", "my", "our", "first", "last"),
        *("full", "middle", "family", "given", "contact", "mr", "mrs", "ms", "dr", "herr", "frau"),
        *("sender", "user", "project", "job", "meeting", "start", "end", "due", "renewal"),
        *("mail", "postal", "street", "here", "goes", "of", "und", "der", "die", "das"),
        *("de", "del", "della", "du", "des", "la", "le", "el", "cliente"),
    }
)
"""What is allowed beside that."""


def unfilled(text: str) -> tuple[str, ...]:
    """The variables in a text, each once, in order.

    >>> unfilled("Hi {{first_name}}, see [Company Name] and [1] of [Your name]")
    ('{{first_name}}', '[Company Name]', '[Your name]')
    >>> unfilled("[External] Offer [image: logo] for [Dana] <dana@northwind.example>")
    ()
    >>> unfilled("Hi {FirstName} of %company%: [Link](https://x.example), a[date], <name>x</name>")
    ('{FirstName}', '%company%')
    """
    elements = set(_ENDS.findall(text))
    found = {
        match.start(): match[0]
        for marks in (_BRACKETS, _SIGNS)
        for match in marks.finditer(text)
        if match[1].lstrip("/") not in elements and _is_asked_for(match[match.lastindex or 0])
    }
    found |= {match.start(): match[0] for match in _MARKS.finditer(text)}
    return tuple(dict.fromkeys(found[at] for at in sorted(found)))


def unfilled_hint(found: tuple[str, ...]) -> str:
    """The author's warning about them.

    >>> unfilled_hint(("[Name]",))
    '“[Name]” was not filled in. Write what belongs there, or say that it is meant so.'
    """
    named = [f"“{one}”" for one in found[:MOST_NAMED]]
    named += [f"{len(found) - MOST_NAMED} more"] if len(found) > MOST_NAMED else []
    listed = " and ".join(filter(None, (", ".join(named[:-1]), named[-1])))
    verb = "was" if len(found) == 1 else "were"
    return f"{listed} {verb} not filled in. Write what belongs there, or say that it is meant so."


def _is_asked_for(inside: str) -> bool:
    """Whether words in brackets name something to be put there, and nothing besides."""
    words = re.split(r"[\s_./-]+", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", inside).lower())
    words = [re.sub(r"['\u2019]s$", "", word) for word in words if word]
    return (
        bool(words)
        and not _ASKED_FOR.isdisjoint(words)
        and all(word in _ASKED_FOR or word in _BESIDE for word in words)
    )
