"""Values said in a text, in Chinese or English, normalised so that equal amounts compare equal.

`3 pm`, 下午3点 and `15:00` are one time; `30%`, 百分之三十 and 三成 are one share. What may be read
in two ways keeps both readings (`3:00` by day or by night), and two values agree where any reading
of the one is a reading of the other. Small words that only look like amounts (一下, 万一, one of
them) are none. Comparing leans to silence: a false alarm spoils a good answer.
"""

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cache

from pratique.text import numerals
from pratique.text import quantity_values as values
from pratique.text.quantity_scan import lowered, quantities, values_said
from pratique.text.quantity_values import Kind, Quantity, Value

__all__ = ["Kind", "Quantity", "Value", "added_quantities", "missing_quantities", "quantities"]

_ALWAYS_SAID: frozenset[Value] = frozenset([0, 1, "school", "all"])
"""Said without a numeral by nearly every text: a, the, no, none."""

_WRITINGS: dict[int, str] = {
    2: r"[二两兩双雙俩倆对對次翌再]|--|\b(?:two|both|pair|couple|twice|double|second|next|dual|again)",
    3: r"[三叁仨]|\b(?:three|third|triple|trio|thrice)",
    4: r"[四肆]|\b(?:four|quarter)",
    5: r"[五伍]|\b(?:five|fifth)",
    6: r"[六陆]|\bsix",
    7: r"[七柒周週]|\b(?:seven|week)",
    8: r"[八捌]|\beigh",
    9: r"[九玖]|\bnin",
    10: r"[十拾]|\b(?:ten|decade)",
    12: r"十二|打|\b(?:twelve|twelfth|dozen)|年|\byear",
    14: r"十四|两周|兩週|半个?月|\b(?:fortnight|fourteen)",
    20: r"二十|廿|\btwent",
    30: r"三十|卅|\bthirt",
    40: r"四十|\bfort",
    50: r"五十|\bfift",
    60: r"六十|\bsixt",
    70: r"七十|\bsevent",
    80: r"八十|\beight",
    90: r"九十|\bninet",
    100: r"百|\bhundred",
}
"""Other ways to write a small number, any of which is enough to say it."""

_FEASTS = {
    "lunar 01-01": r"春节|春節|大年|新年|new year|spring festival",
    "lunar 01-15": r"元宵|lantern",
    "lunar 05-05": r"端午|dragon boat",
    "lunar 07-07": r"七夕|qixi",
    "lunar 08-15": r"中秋|mid-autumn|moon festival",
    "lunar 09-09": r"重阳|重陽|double ninth",
    "lunar 12-08": r"腊八|臘八|laba",
    "lunar 12-23": r"小年|little new year",
    "lunar 12-24": r"小年|little new year",
    "lunar 12-29": r"除夕|年夜|new year",
    "lunar 12-30": r"除夕|年夜|new year",
}
_DAYS = {
    day: rf"\b{abbreviated}\b|[周週](?:[一二三四五六]、?)+{character}|[(（]{character}[)）]{more}"
    for day, abbreviated, character, more in (
        ("monday", "mons?", "一", ""),
        ("tuesday", "tues?", "二", ""),
        ("wednesday", "weds?", "三", ""),
        ("thursday", "thu(?:rs?)?", "四", ""),
        ("friday", "fri", "五", ""),
        ("saturday", "sat", "六", r"|\bweekend|周末|週末"),
        ("sunday", "sun", "[日天]", r"|\bweekend|周末|週末"),
    )
}
"""Other ways to say a weekday."""
_AMOUNTS = ("number", "money", "percent", "ordinal")
_TIMES = {"12:00": "中午|正午|noon|midday", "00:00": "午夜|半夜|子夜|midnight"}


def missing_quantities(source: str, text: str) -> tuple[Quantity, ...]:
    """Return the values of *source* that nothing in *text* says."""
    return _unmatched(source, text)


def added_quantities(source: str, text: str) -> tuple[Quantity, ...]:
    """Return the values of *text* that nothing in *source* says."""
    return _unmatched(text, source)


def _unmatched(text: str, other: str) -> tuple[Quantity, ...]:
    wanted = [each for each in quantities(text) if each.alternatives.isdisjoint(_ALWAYS_SAID)]
    if not wanted:
        return ()
    there: list[Quantity] = []
    left = wanted
    for said in values_said(other):
        there.append(said)
        left = [each for each in left if each.alternatives.isdisjoint(said.alternatives)]
        if not left:
            # Most often the first sentences have said it all: nothing more is looked for.
            return ()
    evidence = _Evidence(other, there)
    return tuple(each for each in left if not evidence.covers(each, _digits(text, each)))


class _Evidence:
    """What a text says of a value in other ways than by one that compares equal."""

    def __init__(self, text: str, there: list[Quantity]) -> None:
        self.low = lowered(text)
        self.there = there
        self.said = _ALWAYS_SAID.union(*[each.alternatives for each in there])
        self.implied = frozenset(part for each in self.said for part in _parts(each))
        self.implied |= frozenset(_about(self.low))
        if " and a half" in self.low:
            self.implied |= {Decimal("0.5"), Decimal("1.5"), 90}
        self.digits = frozenset(_runs().findall(self.low.replace(",", "")))
        self.squeezed = re.sub(r"[ \-‑–]", "", self.low)

    def covers(self, wanted: Quantity, written: frozenset[str]) -> bool:
        """Say whether the text says *wanted*, *written* in these digits, whole or part by part."""
        if any(map(self._covers_value, wanted.alternatives)) or self._covers_kind(wanted):
            return True
        return wanted.kind in _AMOUNTS and self._literally(wanted, written)

    def _literally(self, wanted: Quantity, written: frozenset[str]) -> bool:
        """Say whether the digits stand here, but not as an amount of another size (3.5万, 3.5亿)."""
        if not written or not written <= self.digits:
            return False
        return wanted.kind == "percent" or not any(
            each.kind in _AMOUNTS and _digits(self.low, each) == written for each in self.there
        )

    def _covers_value(self, value: Value) -> bool:
        if value in self.implied:
            return True
        if isinstance(value, str):
            if value[:3].isupper():
                return self._number(value[4:])
            if value.endswith((" off", " left")):
                return value.partition(" ")[0] in self.said
            pattern = _FEASTS.get(value) or _TIMES.get(value)
            return pattern is not None and re.search(pattern, self.low) is not None
        return self._number(str(value))

    def _number(self, written: str) -> bool:
        if written in self.digits or any(str(each) == written for each in self.said | self.implied):
            return True
        if len(written) > 3 and written in self.squeezed:
            return True
        pattern = _WRITINGS.get(int(written)) if written.isdecimal() and len(written) < 4 else None
        return pattern is not None and re.search(pattern, self.low) is not None

    def _covers_kind(self, wanted: Quantity) -> bool:
        if wanted.kind == "time":
            return self._time(wanted)
        if wanted.kind == "date" or wanted.kind == "lunar":
            return any(map(self._date, (str(each) for each in wanted.alternatives)))
        if wanted.kind == "weekday":
            return any(re.search(_DAYS[str(day)], self.low) for day in wanted.alternatives)
        return any(
            value.endswith("%") and self._number(value[:-1])
            for value in wanted.alternatives
            if isinstance(value, str)
        )

    def _time(self, wanted: Quantity) -> bool:
        """Say whether the digits of a time stand here and no other half of the day is told."""
        times = [each for each in wanted.alternatives if isinstance(each, str)]
        clocks = {_on_the_dial(each) for each in times}
        for each in self.there:
            readings = [time for time in each.alternatives if isinstance(time, str)]
            if each.kind == "time" and len(readings) == 1 and _on_the_dial(readings[0]) in clocks:
                return False
        return any(self._hour_and_minutes(time) for time in times)

    def _hour_and_minutes(self, time: str) -> bool:
        hour, minutes = (int(part) for part in time.split(":"))
        if not minutes and hour % 12 == 1 and _at_one().search(self.low):
            return True
        either = {str(hour), str(hour % 12 or 12), f"{hour:02}"}
        if minutes and not {f"{minutes:02}", f"{hour % 12 or 12}.{minutes:02}"} & self.digits:
            return False
        return not either.isdisjoint(self.digits)

    def _date(self, written: str) -> bool:
        """Say whether year, month and day of a date stand here apart from one another."""
        parts = written.removeprefix("lunar ").split("-")
        if not all(part.isdecimal() for part in parts):
            return False
        if len(parts) < 2:
            return written.startswith("lunar") and int(parts[0]) in self.said
        *larger, day = (str(int(part)) for part in parts)
        if (
            len(parts[0]) == 4
            and len(parts) == 3
            and f"{parts[1]}-{parts[2]}" in self.implied | self.said
        ):
            return larger[0] in self.digits
        named = {str(each) for each in self.implied | self.said}
        of_the_moon = written.startswith("lunar") and f"lunar {int(day):02}" in self.said
        return (of_the_moon or day in self.digits or int(day) in self.said) and all(
            each in self.digits or each in named or f"{int(each):02}" in named for each in larger
        )


def _digits(text: str, quantity: Quantity) -> frozenset[str]:
    start, end = quantity.span
    return frozenset(_runs().findall(lowered(text[start:end]).replace(",", "")))


@cache
def _at_one() -> re.Pattern[str]:
    """Return the pattern of one o'clock without the o'clock."""
    return re.compile(r"\b(?:at|until|till|by|from|before|after|to|around|about) one\b")


@cache
def _vague() -> re.Pattern[str]:
    han = numerals.HAN
    return re.compile(
        rf"([{han}]*[{han}])[多余餘来來几幾出]|([二两兩三四五六七八九])([三四五六七八九])(?![{han}])|[早朝]([六七八九十])晚([四五六七八九十])"
    )


def _about(low: str) -> Iterator[Value]:
    """Yield what a text says only about: 六百来块 and 三五天, and 朝九晚五."""
    if low.isascii():
        return
    for match in _vague().finditer(low):
        for written in match.group(1, 2, 3, 4, 5):
            number = None if written is None else numerals.han(written)
            if number is None:
                continue
            yield number
            if match[4] and isinstance(number, int):
                yield from values.clock((number, number + 12), 0)


@cache
def _runs() -> re.Pattern[str]:
    return re.compile(r"[0-9]+(?:\.[0-9]+)?")


def _on_the_dial(time: str) -> str:
    hour, _, minutes = time.partition(":")
    return f"{int(hour) % 12}:{minutes}"


def _parts(value: Value) -> Iterator[Value]:
    """Yield what *value* says besides itself: a date its month and day, a sum its number."""
    if not isinstance(value, str):
        return
    if value[:3].isupper():
        yield _as_number(value[4:])
    elif value.endswith((" off", " left")):
        yield value.partition(" ")[0]
    elif ":" in value and value.replace(":", "").isdecimal():
        hour, minutes = value.split(":")[:2]
        yield from (int(hour), int(hour) % 12 or 12, int(minutes))
    elif "-" in value:
        parts = value.removeprefix("lunar ").split("-")
        if len(parts) == 3:
            yield f"{parts[1]}-{parts[2]}"
            yield f"{parts[0]}-{parts[1]}"
            yield parts[1]
        elif len(parts[0]) == 4:
            yield parts[1]
        else:
            yield f"lunar {parts[1]}" if value.startswith("lunar") else parts[0]
        yield from (int(part) for part in parts if part.isdecimal())
    elif value.isdecimal() and len(value) == 2:
        yield int(value)


def _as_number(written: str) -> Value:
    return numerals.digits(written) or written
