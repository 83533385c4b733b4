"""Finding the values that a text says; `quantities` compares them."""

import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import cache
from operator import attrgetter

from pratique.text import numerals
from pratique.text import quantity_patterns as patterns
from pratique.text import quantity_values as values
from pratique.text.quantity_followers import amount, counted, han_decimal, part_of_day
from pratique.text.quantity_values import CODES, Quantity
from pratique.text.quantity_words import spelt
from pratique.text.spans import links

_OPENS = frozenset("(（")
_CLOSES = frozenset(")）")
_MARKS = frozenset(".、)）")
_IDIOMS = values.word_set("七上 三番 十有 十之 七嘴 五花 三心 四面 两败 四通")
_IDIOM_HEADS = values.word_set("三番 半斤 七上 三心 五花 四面 四通 七嘴")
"""Beginnings of idioms, whose numerals count nothing; and what the second numeral has before it."""
_IN_IDIOMS = frozenset("七三十五四两八六二")
_SPAN = attrgetter("span")
_WIDE_DIGITS = {ord("０") + n: ord("0") + n for n in range(10)}


def quantities(text: str) -> tuple[Quantity, ...]:
    """Return the values that *text* says, in order."""
    return tuple(sorted(values_said(text), key=_SPAN))


def values_said(text: str) -> Iterator[Quantity]:
    """Yield the values that *text* says, those that English spells first."""
    low = lowered(text)
    taken = []
    for quantity in spelt(text, low):
        taken.append(quantity.span)
        yield quantity
    taken.reverse()
    begins, numeral, forms = patterns.start().search, patterns.numeral().match, _FORMS
    at = 0
    while match := begins(low, at):
        if taken:
            at = match.start()
            while taken and taken[-1][1] <= at:
                taken.pop()
            if taken and taken[-1][0] <= at:
                at = taken.pop()[1]
                continue
        form = match.lastgroup
        if form is None:
            at = match.start()
            match = numeral(low, at)
            if match is None:
                at += 1
                continue
            form = match.lastgroup or ""
        said = forms[form](low, match)
        if said is None:
            at = match.end()
        else:
            at = said.span[1]
            yield said


def lowered(text: str) -> str:
    """Return *text* in lower case with half-width digits and addresses blanked, as long as it was."""
    low = text.lower()
    if len(low) != len(text):
        low = "".join(each.lower() if len(each.lower()) == 1 else each for each in text)
    if not low.isascii() and _wide().search(low):
        low = low.translate(_WIDE_DIGITS)
    if "://" in low or "www." in low or "@" in low:
        for link in links(low):
            low = low.replace(link, "\0" * len(link))
    return low


@cache
def _wide() -> re.Pattern[str]:
    return re.compile("[０-９]")


def _in_a_code(low: str, start: int) -> bool:
    """Say whether a letter stands before *start*: MU5137 and Q3 are codes, RMB200 is money."""
    return "a" <= low[start - 1 : start] <= "z" and not low[:start].endswith(CODES)


def _clock(low: str, match: re.Match[str]) -> Quantity | None:
    start, end = match.span()
    if _in_a_code(low, start):
        return None
    text = match[0].replace("：", ":")
    hour, minutes = map(int, text.split(":")[:2])
    if hour > 24:
        return values.of("number", start, end, text)
    letter = patterns.letter().match(low, end)
    if letter is not None:
        hours = values.hours_by_letter(hour, letter["half"])
        return values.of("time", start, letter.end(), *values.clock(hours, minutes))
    half = part_of_day(low, start)
    if text[0] == "0" and half is None:
        return values.of("time", start, end, *values.clock((hour,), minutes))
    return values.of("time", start, end, *values.clock(values.hours_by_word(hour, half), minutes))


def _weekday(_low: str, match: re.Match[str]) -> Quantity:
    day = "一二三四五六日".find(match[0][-1].replace("天", "日"))
    return values.of("weekday", *match.span(), patterns.WEEKDAYS[day])


def _iso(_low: str, match: re.Match[str]) -> Quantity | None:
    year, month, day = (int(part) for part in re.split(r"[-/.]", match[0]))
    return values.dated(values.date(month, day, year), *match.span())


def _version(low: str, match: re.Match[str]) -> Quantity | None:
    if _in_a_code(low, match.start()):
        return None
    return values.of("version", *match.span(), match[0])


def _slash(low: str, match: re.Match[str]) -> Quantity | None:
    if _in_a_code(low, match.start()) or match[0] == "24/7":
        return None
    first, second, *rest = (int(part) for part in match[0].split("/"))
    year = rest[0] + (2000 if rest[0] < 100 else 0) if rest else None
    either = (values.date(first, second, year), values.date(second, first, year))
    dates = [each for each in either if each is not None]
    if rest or not second:
        return values.of("date", *match.span(), *dates) if dates else None
    share = values.fraction(first, second, *match.span(), *dates)
    return values.of("date" if dates else "percent", *match.span(), *share.alternatives)


def _lunar(_low: str, match: re.Match[str]) -> Quantity | None:
    text = match[0]
    if text == "除夕":
        return values.of("lunar", *match.span(), "lunar 12-30", "lunar 12-29")
    month, _, day = text.rpartition("月")
    number = numerals.han(day.removeprefix("初"))
    if number is None:
        return None
    if not month:
        # 初三 alone is also a school year.
        school = ["school"] if number <= 3 else []
        return values.of("lunar", *match.span(), f"lunar {number:02}", *school)
    moon = {"正": 1, "冬": 11, "腊": 12, "臘": 12}.get(month) or numerals.han(month)
    reading = f"{moon:02}-{number:02}"
    if month in "正冬腊臘" or day[0] in "初廿":
        return values.of("lunar", *match.span(), f"lunar {reading}")
    return values.of("lunar", *match.span(), f"lunar {reading}", reading)


def _share(_low: str, match: re.Match[str]) -> Quantity | None:
    text = match[0]
    if text == "百分百":
        return values.percent(100, *match.span())
    written = text[3:]
    number = numerals.digits(written) if written[0].isascii() else han_decimal(written)
    if number is None:
        return None
    return values.percent(number if text[0] == "百" else Decimal(number) / 10, *match.span())


def _fraction(_low: str, match: re.Match[str]) -> Quantity | None:
    under, _, over = match[0].partition("分之")
    below, above = (numerals.han(part) for part in (under, over))
    if not isinstance(below, int) or not isinstance(above, int) or not below:
        return None
    return values.fraction(above, below, *match.span())


def _half(low: str, match: re.Match[str]) -> Quantity | None:
    unit = match["halved"]
    if unit in ("天", "周", "週") or low[match.start() - 1 : match.start()] in tuple(
        "一多大小另上下"
    ):
        return None
    more: dict[str, int] = {"hour": 30, "year": 6, "month": 15, "斤": 250, "公斤": 500, "打": 6}
    whole = more.get(patterns.DURATIONS.get(unit, unit))
    both = [] if whole is None else [whole]
    return values.of("number", *match.span(), Decimal("0.5"), "50%", *both)


def _written(low: str, match: re.Match[str]) -> Quantity | None:
    start, end = match.span()
    text = match[0]
    exact = "0" <= text[0] <= "9"
    if text[0] == "第":
        return _nth(low, start, end)
    if low[end : end + 1] in _CLOSES and low[start - 1 : start] in _OPENS:
        return _in_brackets(low, start, end)
    if exact and (_in_a_code(low, start) or _numbers_a_list(low, start, end)):
        return None
    if text[0] in _IN_IDIOMS and _in_an_idiom(low, start):
        return None
    value = amount(text)
    if value is None:
        if exact:
            return values.of("number", start, end, text) if text.isdecimal() else None
        return _either(low, start, end)
    return counted(low, start, end, value, exact)


def _plain(low: str, match: re.Match[str]) -> Quantity | None:
    """Return what a whole number in digits counts: most values are such."""
    start, end = match.span()
    if "a" <= low[start - 1 : start] <= "z" and _in_a_code(low, start):
        return None
    if low[end : end + 1] in _MARKS:
        if low[end] not in ".、" and low[start - 1 : start] in _OPENS:
            return _in_brackets(low, start, end)
        if _numbers_a_list(low, start, end):
            return None
    if end - start > numerals.MAX_DIGITS:
        return values.of("number", start, end, low[start:end])
    return counted(low, start, end, int(low[start:end]), True)


def _single(low: str, match: re.Match[str]) -> Quantity | None:
    """Return what one Chinese digit counts."""
    start, end = match.span()
    digit = low[start]
    if digit in _IN_IDIOMS and _in_an_idiom(low, start):
        return None
    return counted(low, start, end, numerals.HAN_DIGITS[digit], False)


def _in_an_idiom(low: str, start: int) -> bool:
    return low[start : start + 2] in _IDIOMS or low[start - 2 : start] in _IDIOM_HEADS


def _nth(low: str, start: int, end: int) -> Quantity | None:
    """Return the place in a row; 第一 is said of much that is not counted, 第二是 goes on a list."""
    value = amount(low[start + 1 : end])
    if value is None or value == 1 or _goes_on().match(low, end):
        return None
    return values.of("ordinal", start, end, value)


@cache
def _goes_on() -> re.Pattern[str]:
    return re.compile("[个個点點条條]?(?:就?是|，|、|,|：|:)")


def _in_brackets(low: str, start: int, end: int) -> Quantity | None:
    """Return the weekday in brackets after a date; a number in brackets marks a list's item."""
    dated = low[start - 2 : start - 1] in tuple("日号號0123456789")
    day = "零一二三四五六".find(low[start:end])
    if dated and day > 0:
        return values.of("weekday", start, end, patterns.WEEKDAYS[day - 1])
    value = amount(low[start:end])
    if not isinstance(value, int) or (value < 20 and _goes_before(low, start, value)):
        return None
    return values.of("number", start, end, value) if low[start].isascii() else None


def _goes_before(low: str, start: int, value: int) -> bool:
    """Say whether (2) comes after (1): the number marks an item and is no age of a person."""
    opening = low[start - 1]
    return value < 2 or low.rfind(f"{opening}{value - 1}", 0, start) >= 0


def _either(low: str, start: int, end: int) -> Quantity | None:
    """Return the two numbers that 八九万 may be; 三四个 counts too vaguely. 七五折 is 75 per cent."""
    text = low[start:end]
    if len(text) == 2 and low[end : end + 1] == "折" and numerals.HAN_DIGITS.keys() >= set(text):
        kept = numerals.HAN_DIGITS[text[0]] * 10 + numerals.HAN_DIGITS[text[1]]
        return values.discount(kept, start, end + 1)
    match = _next_to_each_other().fullmatch(text)
    if match is None:
        return None
    scale = amount(f"一{match[3]}") or 1
    both = [numerals.plain(numerals.HAN_DIGITS[each] * scale) for each in match.group(1, 2)]
    return values.of("number", start, end, *both)


@cache
def _next_to_each_other() -> re.Pattern[str]:
    return re.compile("([一二两兩三四五六七八])([二两兩三四五六七八九])([十百千万萬亿億]+)")


def _numbers_a_list(low: str, start: int, end: int) -> bool:
    """Say whether the number at [start, end) marks a list item: `2. ` at the start of a line."""
    mark = low[end : end + 2]
    if mark[:1] not in (".", "、", ")", "）") or mark[1:].isdecimal():
        return False
    return not low[low.rfind("\n", 0, start) + 1 : start].strip()


_FORMS: dict[str, Callable[[str, re.Match[str]], Quantity | None]] = {
    "iso": _iso,
    "version": _version,
    "slash": _slash,
    "clock": _clock,
    "weekday": _weekday,
    "lunar": _lunar,
    "share": _share,
    "fraction": _fraction,
    "half": _half,
    "plain": _plain,
    "single": _single,
    "written": _written,
}
