"""What a numeral counts, told by what stands after it: percent, a time, a date, money, a span."""

import re
from collections.abc import Callable
from decimal import Decimal
from functools import cache

import msgspec

from pratique.text import numerals
from pratique.text import quantity_patterns as patterns
from pratique.text import quantity_values as values
from pratique.text.numerals import Amount
from pratique.text.quantity_patterns import after
from pratique.text.quantity_pointers import ANNOUNCES, BESIDE, only_points
from pratique.text.quantity_values import CODES, Quantity, Value

_SIGNS = ("¥", "￥", "$", "€", "£")
_SIGN_FIRST = (*_SIGNS, *CODES)
_ENDS_A_SIGN = frozenset([" ", *(sign[-1] for sign in _SIGN_FIRST)])
_VAGUE_BEFORE = frozenset("几幾数數好双雙")
_VAGUE_AFTER = frozenset("几幾来來")
_JOINS = frozenset(" -–—~～至到或")
"""What a range goes on with after its first number."""
_AND_A_HALF = " and a half"
_UNITS = values.word_set(
    "mm cm m km ft in kg g mg lb lbs oz ml l cl kb mb gb tb w kw kwh v hz ghz mhz mph kmh x px p pp pc pcs "
    "h s sec secs d y yr yrs yo wk wks ish th st nd rd c f b t e star stars"
)
"""Letters that a number has after it without being a word in disguise."""
_LATELY = frozenset("这這过過前那")
"""Before 两天: 这两天 (these days), 过两天 (in a few days) count nothing."""
_WEEKS_AFTER = frozenset("有共约約近满滿期隔每前后後")
_WEEKS_BEFORE = frozenset("后後内內前以之左时時")
"""What is before and after 四周 where weeks are meant."""
_SHORT = frozenset("刻分钟鐘")
_RANGE_BEFORE = frozenset(" -–~～至到")
_LONGEST_HALF = 12
"""Characters before a time in which the part of the day is looked for, a range included."""


def amount(text: str) -> Amount | None:
    """Return the number that *text* writes in digits or in Chinese; None if none."""
    number = numerals.digits(text) if text.isascii() and " " not in text else None
    return numerals.han(text) if number is None and len(text) <= 60 else number


def han_decimal(text: str) -> Amount | None:
    """Return the number that Chinese *text* writes, 三点五 included."""
    whole, _, rest = text.replace("點", "点").partition("点")
    number = numerals.han(whole)
    tail = "".join(str(numerals.HAN_DIGITS.get(each, "x")) for each in rest)
    if number is None or "x" in tail:
        return None
    return numerals.plain(Decimal(f"{number}.{tail or 0}"))


def counted(low: str, start: int, end: int, value: Amount, exact: bool) -> Quantity | None:
    """Return what *value* at [start, end) counts; *exact* where it always counts (digits)."""
    before, follows = low[start - 1 : start], low[end : end + 1]
    if not exact and (before in _VAGUE_BEFORE or follows in _VAGUE_AFTER):
        return None
    if follows == " " and low.startswith(_AND_A_HALF, end):
        value, end = value + Decimal("0.5"), end + len(_AND_A_HALF)
        follows = low[end : end + 1]
    pattern = after(follows, low[end + 1 : end + 2] if follows == " " else "")
    match = pattern and pattern.match(low, end)
    if before in _ENDS_A_SIGN and low[max(0, start - 4) : start].rstrip().endswith(_SIGN_FIRST):
        return _money_after_sign(low, start, end, value, match)
    pointing = value < 10 and (before in BESIDE or follows in ANNOUNCES)
    pointing = pointing and (match is None or match.lastgroup == "points")
    if pointing and only_points(low, start, end, exact=exact):
        return None
    if match is None:
        return _bare(low, start, end, value, exact)
    if not exact and before in _LATELY and match[0] in ("天", "日", "年", "周"):
        return None
    return _FOLLOWERS[match.lastgroup or ""](_Place(low, start, end, value, exact), match)


def _bare(low: str, start: int, end: int, value: Amount, exact: bool) -> Quantity | None:
    """Return *value* with nothing after it that says what it counts."""
    follows = low[end : end + 1]
    if exact:
        if "a" <= follows <= "z":
            return _glued(low, start, end, value)
    elif (end - start < 2 or _idiom(low, start, end)) and not _classified(low, start, end, value):
        return None
    if follows in _JOINS and (scaled := _scaled(low, end, value)):
        return values.of("number", start, end, value, *scaled)
    return Quantity("number", frozenset((value,)), (start, end))


def _classified(low: str, start: int, end: int, value: Amount) -> bool:
    """Say whether a classifier is after *value*; 十分 is `very`, minutes are 分钟."""
    return (
        value > 1 and low[end : end + 1] in patterns.CLASSIFIERS and low[start : end + 1] != "十分"
    )


def _scaled(low: str, end: int, value: Amount) -> tuple[Value, ...]:
    """Return what *value* is if the scale at the end of its range is its own: 8 to 10k."""
    match = patterns.range_end().match(low, end)
    if match is None:
        return ()
    if match["percent"]:
        return (f"{numerals.plain(value * (10 if match['percent'] == '成' else 1))}%",)
    name = match["scale"]
    scale = numerals.ENGLISH_SCALES.get(name) or numerals.HAN_MYRIADS.get(name)
    scale = scale or numerals.HAN_UNITS[name]
    return (numerals.plain(value * scale),) if value < scale else ()


def _glued(low: str, start: int, end: int, value: Amount) -> Quantity | None:
    """Return the number that letters follow: a unit (20mm), a decade (90s), else a word (2nite)."""
    match = _letters().match(low, end)
    letters = "" if match is None else match[0]
    if letters == "s":
        century = 1900 if 20 < value < 100 else 0
        return values.of("number", start, end, value, value + century)
    return values.of("number", start, end, value) if letters in _UNITS else None


@cache
def _letters() -> re.Pattern[str]:
    return re.compile("[a-z]+")


def _idiom(low: str, start: int, end: int) -> bool:
    return low[start:end] == "十一" and low[end : end + 2] in (
        "假期",
        "长假",
        "黄金",
        "期间",
        "国庆",
    )


class _Place(msgspec.Struct, frozen=True, gc=False):
    """A numeral in a text."""

    low: str
    """The whole text, lowered."""
    start: int
    """Where the numeral begins."""
    end: int
    """Where it ends."""
    value: Amount
    """What it amounts to."""
    exact: bool
    """It always counts; a single Chinese digit does so only before some words."""


def _money_after_sign(
    low: str, start: int, end: int, value: Amount, match: re.Match[str] | None
) -> Quantity:
    if match is not None and match.lastgroup == "multiple":
        value = numerals.plain(value * numerals.ENGLISH_SCALES[match["scale"]])
        end = match.end("scale")
    head = low[max(0, start - 4) : start].rstrip()
    name = next(
        each for each in sorted(patterns.CURRENCIES, key=len, reverse=True) if head.endswith(each)
    )
    return values.money(name, value, start, end)


def _percent(place: _Place, match: re.Match[str]) -> Quantity:
    low, start, end = place.low, place.start, match.end()
    if low.startswith((" off", " discount", " cheaper"), end) or _saved().search(
        low, max(0, start - 16), start
    ):
        return values.discount(numerals.plain(100 - place.value), start, end)
    return values.percent(place.value, start, end)


@cache
def _saved() -> re.Pattern[str]:
    """Return the pattern of what is before a share that is taken off."""
    return re.compile(r"(?<![a-z])sav(?:e|es|ing)(?: another| an extra| up to)? $")


def _tenths(place: _Place, match: re.Match[str]) -> Quantity | None:
    low, end = place.low, match.end()
    likely = place.value in (8, 9, 10) and low[end : end + 1] in tuple("是会會要又在得没沒就新")
    if place.exact or place.value > 10 or likely:
        return None
    share = place.value * 10 + (5 if match[0].endswith("半") else 0)
    return values.percent(share, place.start, end)


def _rebate(place: _Place, match: re.Match[str]) -> Quantity | None:
    share = place.value * 10 if place.value < 10 else place.value
    if share > 100:
        return None
    return values.discount(numerals.plain(share), place.start, match.end())


def _decimal(place: _Place, match: re.Match[str]) -> Quantity | None:
    number = han_decimal(f"{place.low[place.start : place.end]}{match[0].strip()}")
    end = match.end()
    if number is None:
        return None
    if place.low[end : end + 1] in ("%", "％"):
        return values.percent(number, place.start, end + 1)
    scale = numerals.HAN_MYRIADS.get(place.low[end : end + 1], 1)
    return values.of("number", place.start, end, numerals.plain(number * scale))


def _points(place: _Place, match: re.Match[str]) -> Quantity | None:
    """Return a time by the clock; 三点 may also be three points, 一点 mostly is a little."""
    start, end, value = place.start, match.end(), place.value
    half = part_of_day(place.low, start)
    told = half or match["frac"] or match["minutes"] or match[0][-1] in "钟鐘整"
    a_little = not told or (half and not match["frac"] and place.low[start - 1] in "早晚")
    if a_little and value == 1 and not place.exact:
        return None
    if value > 24 or not isinstance(value, int):
        return values.of("number", start, place.end, value)
    minutes = _minutes(match)
    near = place.low[start - 1 : start]
    short = _short_of().search(place.low, max(0, start - 5), start) if near in _SHORT else None
    if short is not None:
        minutes = 60 - (15 if short[1] == "一刻" else int(numerals.han(short[1][:-1]) or 0))
        value = value - 1 or 12
        start = short.start()
        told = True
    hours = values.hours_by_word(value, half)
    count = () if told else (value,)
    return values.of("time", start, end, *values.clock(hours, minutes), *count)


@cache
def _short_of() -> re.Pattern[str]:
    """Return the pattern of the minutes that an hour after it lacks: 差一刻六点."""
    return re.compile("差(一刻|[五十]分|二十分)[钟鐘]?$")


def _minutes(match: re.Match[str]) -> int:
    if match["frac"]:
        return {"半": 30, "一刻": 15}.get(match["frac"], 45)
    written = match["minutes"] or "0"
    number = int(written) if written.isascii() else numerals.han(written.lstrip("零〇"))
    return int(number or 0)


def part_of_day(low: str, start: int) -> str | None:
    """Return which part of the day the words before *start* name; None if they name none."""
    before = low[start - 1 : start]
    if before in _RANGE_BEFORE:
        match = patterns.part_of_day().search(low, max(0, start - _LONGEST_HALF), start)
        return None if match is None else match.lastgroup
    parts = patterns.PARTS_OF_DAY
    return parts.get(low[start - 2 : start]) or parts.get(before)


def _oclock(place: _Place, match: re.Match[str]) -> Quantity | None:
    if not isinstance(place.value, int) and match["half"] is not None:
        # 3.30 pm is a time written with a stop.
        hour, _, past = str(place.value).partition(".")
        hours = values.hours_by_letter(int(hour), match["half"])
        minutes = int(past.ljust(2, "0")[:2])
        return values.of("time", place.start, match.end(), *values.clock(hours, minutes))
    if not isinstance(place.value, int) or place.value > 24:
        return values.of("number", place.start, place.end, place.value)
    half = match["half"]
    hours = values.hours_by_letter(place.value, half)
    return values.of("time", place.start, match.end(), *values.clock(hours, 0))


def _month(place: _Place, match: re.Match[str]) -> Quantity | None:
    month = place.value
    if not isinstance(month, int) or not 1 <= month <= 12:
        return values.of("number", place.start, place.end, month)
    if match["day"] is None:
        return values.of("date", place.start, match.end(), f"{month:02}")
    day = amount(match["day"])
    if not isinstance(day, int):
        return values.of("date", place.start, match.end(), f"{month:02}")
    return values.dated(values.date(month, day), place.start, match.end())


def _year(place: _Place, match: re.Match[str]) -> Quantity | None:
    start, end, year = place.start, match.end(), place.value
    if not isinstance(year, int) or year < 1:
        return values.of("number", start, place.end, year)
    if match["of"] is None:
        if year < 1000:
            return values.duration("年", year, start, end) if year > 1 or place.exact else None
        return values.of("date", start, end, year)
    if place.low.endswith(("民国", "民國"), 0, start):
        year += 1911
    full = year + 2000 if year < 100 else year
    month = amount(match["of"])
    day = amount(match["dayof"]) if match["dayof"] else None
    if not isinstance(month, int) or not 1 <= month <= 12:
        return values.of("date", start, end, full)
    if not isinstance(day, int):
        return values.of("date", start, end, f"{full}-{month:02}")
    return values.dated(values.date(month, day, full), start, end)


def _day(place: _Place, match: re.Match[str]) -> Quantity | None:
    if place.value == 1 and not place.exact:
        return None
    return values.of("date", place.start, match.end(), place.value)


def _and_half(place: _Place, match: re.Match[str]) -> Quantity:
    number = place.value + Decimal("0.5")
    unit = match["then"] or match["and_unit"]
    if unit in patterns.DURATIONS:
        return values.duration(unit, number, place.start, match.end())
    if unit is None and place.value == 1:
        return values.of("number", place.start, match.end(), Decimal("0.5"), "50%")
    return values.of("number", place.start, match.end(), number)


def _span(place: _Place, match: re.Match[str]) -> Quantity | None:
    if place.value == 1 and not place.exact:
        return None
    if match[0] in ("周", "週") and place.value == 4 and not place.exact:
        # 四周 is `all around` too.
        low, start, end = place.low, place.start, match.end()
        if low[start - 1 : start] not in _WEEKS_AFTER and low[end : end + 1] not in _WEEKS_BEFORE:
            return None
    return values.duration(match["unit"], place.value, place.start, match.end())


def _th(place: _Place, match: re.Match[str]) -> Quantity:
    return values.of("ordinal", place.start, match.end(), place.value)


def _scale(place: _Place, match: re.Match[str]) -> Quantity:
    value = numerals.plain(place.value * numerals.ENGLISH_SCALES[match["scale"]])
    if match["scaled"]:
        return values.money(match["scaled"], value, place.start, match.end())
    # 5m are metres as often as millions, a 5k run is five kilometres.
    both = [place.value] if match["scale"] in "km" else []
    return values.of("number", place.start, match.end("scale"), value, *both)


def _money(place: _Place, match: re.Match[str]) -> Quantity | None:
    if place.value == 1 and not place.exact:
        return None
    quantity = values.money(match["money"], place.value, place.start, match.end())
    if match["money"] in ("pound", "pounds"):
        return values.of("money", place.start, match.end(), place.value, *quantity.alternatives)
    return quantity


def _weight(place: _Place, match: re.Match[str]) -> Quantity | None:
    if place.value == 1 and not place.exact:
        return None
    other = Decimal(place.value) / 2 if match.lastgroup == "catty" else place.value * 2
    grams = place.value * (500 if match.lastgroup == "catty" else 1000)
    both = numerals.plain(other), numerals.plain(grams)
    return values.of("number", place.start, match.end(), place.value, *both)


_FOLLOWERS: dict[str, Callable[[_Place, re.Match[str]], Quantity | None]] = {
    "percent": _percent,
    "tenths": _tenths,
    "rebate": _rebate,
    "decimal": _decimal,
    "points": _points,
    "oclock": _oclock,
    "month": _month,
    "year": _year,
    "date": _day,
    "and_half": _and_half,
    "span": _span,
    "th": _th,
    "multiple": _scale,
    "money": _money,
    "catty": _weight,
    "kilo": _weight,
}
