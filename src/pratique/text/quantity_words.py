"""Values that English spells: March 5, Friday, half past three, twenty-three, a third, noon."""

import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import cache

from pratique.text import numerals
from pratique.text import quantity_patterns as patterns
from pratique.text import quantity_values as values
from pratique.text.quantity_followers import counted
from pratique.text.quantity_values import Quantity
from pratique.text.standing import Standing

_ALSO_VERBS = ("may", "march", "sun", "sat", "wed", "mon", "mar", "jan", "dec")
"""Count only with a capital: in other writing they are words of another kind."""
_NEEDS_A_DAY = ("may", "mar", "jan", "dec", "march")
_SAYS_WHEN = (
    "in ",
    "by ",
    "of ",
    "since ",
    "until ",
    "till ",
    "last ",
    "next ",
    "this ",
    "early ",
    "late ",
    "mid-",
    "mid ",
    "before ",
    "after ",
    "from ",
    "to ",
    "and ",
    "for ",
    "on ",
)
_SURELY_WHEN = ("in ", "since ", "last ", "next ", "early ", "late ", "mid-", "mid ")
_BEFORE_A_DAY = (
    "on ",
    "next ",
    "this ",
    "by ",
    "until ",
    "till ",
    "from ",
    "every ",
    "and ",
    "or ",
    "last ",
)
_AFTER_ARTICLE = frozenset(
    [
        "hundred",
        "thousand",
        "million",
        "billion",
        "dozen",
        "third",
        "quarter",
        "fourth",
        "fifth",
        "tenth",
    ]
)
_FRACTIONS = {"third": 3, "quarter": 4, "fourth": 4, "fifth": 5, "tenth": 10}


def spelt(text: str, low: str) -> Iterator[Quantity]:
    """Yield the values that *text*, lowered in *low*, spells in English, in order."""
    places = _places(low) if _word().search(low) else None
    if not places:
        return
    pattern, reached = patterns.words(), 0
    for at in sorted(places):
        match = pattern.match(low, at) if at >= reached else None
        if match is None:
            continue
        quantity = _FORMS[match.lastgroup or ""](text, low, match)
        if quantity is None:
            reached = match.end()
        else:
            reached = quantity.span[1]
            yield quantity


def _places(low: str) -> set[int]:
    """Return where each word that a value may begin with begins, an article before it included.

    One that stands alone somewhere counts wherever it stands.
    """
    triggers = _triggers()
    found = triggers.find(low)
    alone = {number for start, end, number in found if _alone(low, start, end)}
    places = set()
    for at, _, number in found:
        if number in alone:
            begin = at
            if triggers.words[number] in _AFTER_ARTICLE:
                for article in ("half a ", "a ", "an "):
                    if low.endswith(article, 0, at):
                        begin = at - len(article)
                        break
            places.add(begin)
    return places


def _alone(low: str, start: int, end: int) -> bool:
    """Say whether no letter stands on either side."""
    return not ("a" <= low[end : end + 1] <= "z" or (start and "a" <= low[start - 1] <= "z"))


@cache
def _word() -> re.Pattern[str]:
    return re.compile("[a-z]{3}")


@cache
def _triggers() -> Standing:
    days = {day for full in patterns.WEEKDAYS for day in (full, f"{full}s", full[:3])}
    return Standing(
        sorted(
            {*patterns.MONTHS, *days, *numerals.ENGLISH, *numerals.ENGLISH_ORDINALS}
            | {"tues", "weds", "thur", "thurs", "noon", "midday", "midnight", "half"}
            | _AFTER_ARTICLE
        )
    )


@cache
def _day_before() -> re.Pattern[str]:
    return re.compile(
        r"(?<![0-9.,:/-])([0-3]?[0-9])(?:st|nd|rd|th)? (?:of )?$|"
        r"(?<=[-–])([0-3]?[0-9])(?:st|nd|rd|th)? (?:of )?$"
    )


def _month(text: str, low: str, match: re.Match[str]) -> Quantity | None:
    start, end = match.span()
    name = match["month"]
    day = match["day"]
    if day is None:
        before = _day_before().search(low, max(0, start - 9), start)
        if before is not None:
            day, start = before[1] or before[2], before.start()
    capital = text[match.start()].isupper()
    if name in _ALSO_VERBS and not capital and not low.endswith(_SURELY_WHEN, 0, match.start()):
        return None
    if day is None and len(name) < 5 and name not in ("june", "july"):
        if name not in _NEEDS_A_DAY and name != "may":
            return None
        if name != "may" or not (match["year"] or low[:start].endswith(_SAYS_WHEN)):
            return None
    if day is None and name == "march" and not (match["year"] or low[:start].endswith(_SAYS_WHEN)):
        return None
    number = patterns.MONTHS[name]
    year = f"{match['year']}-" if match["year"] else ""
    if day is None or not 1 <= int(day) <= 31:
        return values.of("date", start, end, f"{year}{number:02}")
    return values.of("date", start, end, f"{year}{number:02}-{int(day):02}")


def _weekday(_text: str, _low: str, match: re.Match[str]) -> Quantity:
    return values.of("weekday", *match.span(), match["weekday"])


def _abbreviated(text: str, low: str, match: re.Match[str]) -> Quantity | None:
    """Return the weekday that `Fri` names; `Sun` and `sat` are words of another kind too."""
    name, end = match["abbreviated"], match.end()
    if name in ("sun", "sat", "wed", "mon") or (
        name == "thu" and not text[match.start()].isupper()
    ):
        dated = _beside_a_date().match(low, end) or low.endswith(_BEFORE_A_DAY, 0, match.start())
        if not dated:
            return None
    full = next(day for day in patterns.WEEKDAYS if day.startswith(name[:3]))
    return values.of("weekday", *match.span(), full)


@cache
def _beside_a_date() -> re.Pattern[str]:
    return re.compile(r"[.,]? ?(?:[0-9]|" + "|".join(patterns.MONTHS) + ")")


def _noon(_text: str, _low: str, match: re.Match[str]) -> Quantity:
    return values.of("time", *match.span(), "12:00")


def _midnight(_text: str, low: str, match: re.Match[str]) -> Quantity | None:
    if low.startswith((" snack", " feast"), match.end()):
        return None
    return values.of("time", *match.span(), "00:00")


def _relative(_text: str, _low: str, match: re.Match[str]) -> Quantity | None:
    hour = numerals.digits(match["hour"]) if match["hour"].isdecimal() else None
    hour = numerals.english(match["hour"]) if hour is None else hour
    if not isinstance(hour, int) or not 1 <= hour <= 12:
        return None
    minutes = {"half": 30, "quarter": 15, "five": 5, "ten": 10, "twenty": 20}[match["relative"]]
    if match["side"] == "to":
        hour, minutes = (hour - 1) or 12, 60 - minutes
    hours = values.hours_by_letter(hour, match["ap"])
    both: tuple[int, ...] = ()
    if match["side"] == "to" and match["ap"] is None and minutes > 45:
        # `five to ten people` is no time.
        both = (60 - minutes, hour % 12 + 1)
    return values.of("time", *match.span(), *values.clock(hours, minutes), *both)


def _half(_text: str, low: str, match: re.Match[str]) -> Quantity | None:
    if low.endswith(("first ", "second ", "latter ", "other "), 0, match.start()):
        return None
    if low.startswith(" dozen of the other", match.end()):
        return None
    more = {"hour": 30, "year": 6, "day": 12, "dozen": 6}
    unit = (
        low[match.end() :].split(" ", 1)[0] if match[0] in ("half a", "half an") else match[0][5:]
    )
    whole = more.get(unit.rstrip(".,;!?"))
    both = [] if whole is None else [whole]
    return values.of("number", *match.span(), Decimal("0.5"), "50%", *both)


def _fraction(_text: str, low: str, match: re.Match[str]) -> Quantity:
    over = 1 if match["over"] in ("a", "an") else int(numerals.english(match["over"]) or 1)
    under = _FRACTIONS[match["under"].rstrip("s")]
    # `a third attempt` counts attempts.
    more = [under] if over == 1 and under != 4 else []
    if low.startswith(" of an hour", match.end()):
        more.append(60 * over // under)
    return values.fraction(over, under, *match.span(), *more)


def _ordinal(_text: str, _low: str, match: re.Match[str]) -> Quantity:
    tens, _, last = match["ordinal"].replace("-", " ").rpartition(" ")
    number = numerals.ENGLISH_ORDINALS[last] + (numerals.ENGLISH[tens] if tens else 0)
    return values.of("ordinal", *match.span(), number)


def _dozen(_text: str, _low: str, match: re.Match[str]) -> Quantity:
    return values.of("number", *match.span(), 6 if match[0].startswith("half") else 12)


def _number(_text: str, low: str, match: re.Match[str]) -> Quantity | None:
    number = numerals.english(match["number"])
    if low.endswith("thanks ", 0, match.start()) or low.startswith(" of one and half", match.end()):
        return None
    # The value 1 is said by `one of them` and `a` alike, and 0 by `no`.
    if number is None:
        return None
    if number < 2:
        return (
            None if not _measured(low, match.end()) else counted(low, *match.span(), number, True)
        )
    return counted(low, *match.span(), number, True)


def _measured(low: str, end: int) -> bool:
    return low.startswith(
        (
            " percent",
            " per cent",
            "%",
            " am",
            " pm",
            " o'clock",
            " million",
            " thousand",
            " billion",
        ),
        end,
    )


_FORMS: dict[str, Callable[[str, str, re.Match[str]], Quantity | None]] = {
    "dated": _month,
    "weekday": _weekday,
    "abbreviated": _abbreviated,
    "noon": _noon,
    "midnight": _midnight,
    "told": _relative,
    "half": _half,
    "fraction": _fraction,
    "ordinal": _ordinal,
    "dozen": _dozen,
    "number": _number,
}
