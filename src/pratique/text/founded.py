"""What an answer may say only if its source says so: addresses, numbers to call, amounts, codes.

Of nine defences in a study of 2026 only such checks outside the model held (a report of it). They
need no guess about who speaks to whom: a number that the source lacks is no summary of it.
"""

import re
from dataclasses import dataclass
from functools import cache
from typing import Literal

from pratique.text.injection import suspicion
from pratique.text.kept import lost_codes, lost_links
from pratique.text.quantities import added_quantities

Kind = Literal["link", "phone", "amount", "code", "picture", "role_token"]
"""What is not founded."""

_MIN_PHONE = 7
"""A shorter number is a code, a year or an amount."""


@dataclass(frozen=True, slots=True)
class Unfounded:
    """Something in an answer that its source lacks. Holds no content."""

    kind: Kind
    """What it is."""
    count: int
    """How many there are."""


def unfounded(source: str, answer: str, *, amounts: bool = True) -> tuple[Unfounded, ...]:
    """Return what *answer* says that the visible, unsuspicious text of *source* does not.

    Sentences in which the source speaks to a model found nothing: what such a sentence wants said
    stands in it. *amounts* is off where answers count anew, as a feature that plans does.
    """
    return unfounded_in(suspicion(source).visible, answer, amounts=amounts)


def unfounded_in(visible: str, answer: str, *, amounts: bool = True) -> tuple[Unfounded, ...]:
    """Return what *answer* says that *visible*, a text without what speaks to a model, does not."""
    marked = "<" in answer or "[" in answer or "data-" in answer
    found: dict[Kind, int] = {
        "link": len(lost_links(answer, visible)),
        "phone": len(_strange_phones(answer, visible)),
        "code": len(lost_codes(answer, visible)),
        "picture": len(_picture().findall(answer)) if marked else 0,
        "role_token": len(_template().findall(answer)) if marked else 0,
        "amount": len(added_quantities(visible, answer)) if amounts else 0,
    }
    return tuple(Unfounded(kind, count) for kind, count in found.items() if count)


def _strange_phones(answer: str, visible: str) -> set[str]:
    found = _phones(answer)
    return found and found - _digits(visible)


def _phones(text: str) -> set[str]:
    return {
        digits
        for match in _phone().finditer(text)
        if not _date().fullmatch(match[0])
        and len(digits := _digit().sub("", match[0])) >= _MIN_PHONE
    }


def _digits(text: str) -> set[str]:
    """Return every number to call in *text*, and each of them without a country's code."""
    found = _phones(text)
    return found | {one.removeprefix("86") for one in found} | {f"86{one}" for one in found}


@cache
def _phone() -> re.Pattern[str]:
    return re.compile(r"(?<![\w.])\+?[0-9][0-9 ()（）\-]{5,22}[0-9](?!\w|\.\d)")


@cache
def _date() -> re.Pattern[str]:
    return re.compile(r"\d{4}-\d\d-\d\d")


@cache
def _digit() -> re.Pattern[str]:
    return re.compile("[^0-9]")


@cache
def _picture() -> re.Pattern[str]:
    return re.compile(r"!\[[^\]\n]{0,80}\]\(|<img\b")


@cache
def _template() -> re.Pattern[str]:
    return re.compile(
        r"<\|[^|<>\n]{1,40}\|>|\[/?INST\]|<</?SYS>>|<(?:start|end)_of_turn>|data-[0-9a-f]{16}"
    )
