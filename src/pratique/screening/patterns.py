"""Bounded patterns: phone numbers, identity numbers, bank cards, addresses of sites.

Each lies within one run of its characters, so a stream has to hold that run and nothing more. A run
longer than `LONGEST` holds none of them. Sources: mobile numbers by the national numbering
plan (11 digits from 13 to 19), identity numbers by GB 11643-1999 (ISO 7064 MOD 11-2), cards by
ISO/IEC 7812-1 (Luhn).
"""

import re
from collections.abc import Callable, Iterator, Mapping

from pratique.screening.entries import Pattern

LONGEST = 96
"""Code points of a run, at most."""

_NARROW = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
_DIGITS = re.compile(r"[+(]?[0-9](?:[ ().\-]{0,2}[0-9])*[xX]?")
_SITES = re.compile(r"[A-Za-z0-9][A-Za-z0-9.:/\-]*")
_DIGIT_TAIL = re.compile(r"[+(]?[0-9](?:[ ().\-]{0,2}[0-9])*[xX]?[ ().\-]{0,2}\Z|[+(]\Z")
_SITE_TAIL = re.compile(r"[A-Za-z0-9][A-Za-z0-9.:/\-]*\Z")
_BEGINS = re.compile("[0-9A-Za-z+(\uff08\uff0b\uff10-\uff19\uff21-\uff3a\uff41-\uff5a]")

_PHONE = re.compile(
    r"(?<![0-9])(?:"
    r"(?:\+?86[ \-]?)?1[3-9][0-9](?:[ \-]?[0-9]{4}){2}"
    r"|\(?0[1-9][0-9]{1,2}[)\- ]{1,2}[2-9][0-9]{2,3}[ \-]?[0-9]{4}"
    r"|[48]00[ \-]?[0-9]{3}[ \-]?[0-9]{4}"
    r")(?![0-9])"
)
_IDENTITY = re.compile(r"(?<![0-9])[1-9](?:[ \-]?[0-9]){16}[ \-]?[0-9xX](?![0-9A-Za-z])")
_CARD = re.compile(r"(?<![0-9])[2-6](?:[ \-]?[0-9]){12,18}(?![0-9])")
_SITE = re.compile(
    r"(?:https?://)?(?:[a-z0-9](?:[a-z0-9\-]{0,40}[a-z0-9])?\.){1,4}"
    r"(?:com|net|org|info|biz|xyz|top|vip|club|site|shop|app|online|cc|cn|hk|tw|me|io|co|tv|ru|pw)"
    r"(?![a-z0-9\-])",
    re.IGNORECASE,
)
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def find_patterns(text: str, names: frozenset[Pattern]) -> Iterator[tuple[Pattern, int, int]]:
    """Return name, start and end of every one of *names* in *text*."""
    narrow = text.translate(_NARROW)
    for name in sorted(names):
        runs = _SITES if name == "site" else _DIGITS
        expression, holds = _KINDS[name]
        for run in runs.finditer(narrow):
            if run.end() - run.start() > LONGEST:
                continue
            for found in expression.finditer(narrow, run.start(), run.end()):
                if holds(found.group()):
                    yield name, found.start(), found.end()


def may_begin(text: str) -> bool:
    """Return whether *text* holds a character that a pattern may begin with."""
    return _BEGINS.search(text) is not None


def open_from(text: str, names: frozenset[Pattern]) -> int:
    """Return where a run begins at the end of *text* that may still become one of *names*."""
    start = len(text)
    narrow = text[-LONGEST - 3 :].translate(_NARROW)
    offset = len(text) - len(narrow)
    tails = [_SITE_TAIL] if "site" in names else []
    if names - {"site"}:
        tails.append(_DIGIT_TAIL)
    for tail in tails:
        found = tail.search(narrow)
        if found and found.end() - found.start() <= LONGEST + 2:
            start = min(start, offset + found.start())
    return start


def is_identity(number: str) -> bool:
    """Return whether the check digit of an 18-digit identity number is right, and its birthday."""
    plain = re.sub(r"[ \-]", "", number).upper()
    month, day = int(plain[10:12]), int(plain[12:14])
    total = sum(int(one) * weight for one, weight in zip(plain, _WEIGHTS, strict=False))
    return (
        plain[6:8] in ("19", "20")
        and 1 <= month <= 12
        and 1 <= day <= 31
        and "10X98765432"[total % 11] == plain[17]
    )


def is_card(number: str) -> bool:
    """Return whether the Luhn sum of *number* is right."""
    digits = [int(one) for one in number if one.isdigit()]
    doubled = [n * 2 - 9 * (n > 4) for n in digits[-2::-2]]
    return len(set(digits)) > 1 and (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0


def _always(found: str) -> bool:
    return bool(found)


_KINDS: Mapping[Pattern, tuple[re.Pattern[str], Callable[[str], bool]]] = {
    "phone": (_PHONE, _always),
    "identity": (_IDENTITY, is_identity),
    "card": (_CARD, is_card),
    "site": (_SITE, _always),
}
