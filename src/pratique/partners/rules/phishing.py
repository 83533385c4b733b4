"""Mails that are after a secret: what they ask for, told as a claim."""

import re
from functools import cache

from pratique.partners.rules import words
from pratique.partners.rules.mail_bodies import address
from pratique.partners.rules.records_text import Mail

_READ = 12_000
_THINGS = 3
_SAFE = re.compile(r"[\w-]+\.example$")
"""A plain address: one name at one place."""


def wanted(mail: Mail, locale: str) -> list[str]:
    """Return the secrets that *mail* suspiciously asks for, as it names them; none if it is fair.

    Suspicious is: it asks for a secret, and presses or promises, and nothing denies it.
    """
    text = f"{mail.subject}\n{mail.body}"[:_READ]
    if _found("denials", text, locale):
        return []
    secrets, pressure = _found("secrets", text, locale), _found("pressure", text, locale)
    if not secrets or not pressure or not _found("asks", text, locale):
        return []
    points = min(len(pressure), 3) + min(len(secrets), 2) + 2 * _odd(mail, locale)
    return secrets[:_THINGS] if points >= 4 else []


def _odd(mail: Mail, locale: str) -> bool:
    """Whether the address looks made up for the purpose."""
    host = address(mail)
    parts = re.split(r"[.-]", host)
    return any(part in words.phrases(locale, "mails.toml")["odd"] for part in parts) or (
        bool(host) and host.count("-") > 1
    )


def _found(name: str, text: str, locale: str) -> list[str]:
    """Return what of the list *name* occurs in *text*, in order, each once."""
    hits = (match[0] for match in _pattern(name, locale).finditer(text))
    return list({hit.casefold(): hit for hit in hits}.values())


@cache
def _pattern(name: str, locale: str) -> re.Pattern[str]:
    """Return a pattern of the list *name*, longest first."""
    every = sorted(words.phrases(locale, "mails.toml")[name], key=lambda each: (-len(each), each))
    either = "|".join(map(re.escape, every))
    return re.compile(rf"\b(?:{either})\b" if locale == "en" else either, re.IGNORECASE)
