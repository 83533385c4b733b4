"""What a value amounts to, in one writing: clock times, dates, money, shares and durations."""

from decimal import Decimal
from functools import cache
from math import gcd
from typing import Literal

import msgspec

from pratique.text import numerals
from pratique.text.numerals import Amount
from pratique.text.quantity_patterns import CURRENCIES, DURATIONS

Kind = Literal[
    "number", "percent", "money", "time", "date", "lunar", "weekday", "ordinal", "version"
]
Value = str | int | Decimal

CODES = ("rmb", "cny", "usd", "hkd", "ntd", "人民币")
"""Codes that stand before an amount without a space."""


def word_set(words: str) -> frozenset[str]:
    """Return the words of *words*."""
    return frozenset(words.split())


class Quantity(msgspec.Struct, frozen=True, gc=False):
    """One value that a text says."""

    kind: Kind
    """What is counted or dated."""
    alternatives: frozenset[Value]
    """Each way to read it, normalised: `15:00`, `03-05`, `30%`, `CNY 200`, 35000."""
    span: tuple[int, int]
    """Where it stands in the text: first code point, and the one after the last."""


def of(kind: Kind, start: int, end: int, *values: Value) -> Quantity:
    """Return the quantity at [start, end) that may be read as any of *values*."""
    return Quantity(kind, frozenset(values), (start, end))


def percent(value: Amount, start: int, end: int) -> Quantity:
    """Return *value* in a hundred; fifty are one half too."""
    if value == 50:
        return of("percent", start, end, "50%", Decimal("0.5"))
    if value == 100:
        return of("percent", start, end, "100%", "all")
    return of("percent", start, end, f"{value}%")


def discount(kept: Amount, start: int, end: int) -> Quantity:
    """Return a price of which *kept* in a hundred are left: 八折 is 20 per cent off."""
    half: list[Value] = [Decimal("0.5"), "50%"] if kept == 50 else []
    off = numerals.plain(100 - kept)
    return of("percent", start, end, f"{kept}% left", f"{off}% off", *half)


def fraction(over: int, under: int, start: int, end: int, *others: Value) -> Quantity:
    """Return *over* parts of *under*, and the same in a hundred where that comes out even."""
    shared = gcd(over, under)
    values: list[Value] = [f"{over // shared}/{under // shared}", *others]
    if over * 100 % under == 0:
        values.append(f"{over * 100 // under}%")
    if over * 2 == under:
        values.append(Decimal("0.5"))
    return of("percent", start, end, *values)


def money(sign: str, value: Amount, start: int, end: int) -> Quantity:
    """Return *value* in the currency that *sign* names."""
    return of("money", start, end, f"{CURRENCIES[sign]} {value}")


@cache
def clock(hours: tuple[int, ...], minutes: int) -> tuple[str, ...]:
    """Return the times at *minutes* past each of *hours*, midnight being `00:00`."""
    return tuple(f"{hour % 24:02}:{minutes:02}" for hour in hours)


def hours_by_letter(hour: int, letter: str | None) -> tuple[int, ...]:
    """Return the hours that *hour* may mean before `am` or `pm`, or before neither."""
    if hour > 12 or hour == 0:
        return (hour,)
    if letter is None:
        return (hour, (hour + 12) % 24)
    return (hour % 12 + 12 if letter == "p" else hour % 12,)


def hours_by_word(hour: int, half: str | None) -> tuple[int, ...]:
    """Return the hours that *hour* may mean after the Chinese word for a part of the day."""
    if half is None or hour > 12 or hour == 0:
        return hours_by_letter(hour, None)
    if half == "am":
        return (hour % 12,) if hour < 12 else (0, 12)
    if half == "noon":
        return (hour,) if hour > 10 else (hour + 12,)
    if half == "pm":
        return (hour % 12 + 12,)
    # At night twelve is midnight and one to four are the small hours.
    if hour == 12:
        return (0,)
    return (hour, hour + 12) if hour < 5 else (hour + 12,)


def date(month: int, day: int, year: int | None = None) -> str | None:
    """Return a date in one writing; None for what no calendar has."""
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return None
    return f"{month:02}-{day:02}" if year is None else f"{year}-{month:02}-{day:02}"


def dated(value: str | None, start: int, end: int) -> Quantity | None:
    """Return the date *value* as a quantity, if it is one."""
    return None if value is None else of("date", start, end, value)


def duration(unit: str, value: Amount, start: int, end: int) -> Quantity:
    """Return *value* of a unit of time, and what it is in the units next to it."""
    values: list[Value] = [value]
    name = DURATIONS[unit]
    if name == "minute" and value % 15 == 0:
        values.append(numerals.plain(Decimal(value) / 60))
    elif name == "hour":
        values.append(numerals.plain(value * 60))
        if value % 24 == 0:
            values.append(numerals.plain(Decimal(value) / 24))
    elif name == "day":
        if value % 7 == 0:
            values.append(numerals.plain(Decimal(value) / 7))
        if value <= 3:
            values.append(numerals.plain(value * 24))
    elif name == "week":
        values.append(numerals.plain(value * 7))
    elif name == "month" and value % 6 == 0:
        values.append(numerals.plain(Decimal(value) / 12))
    elif name == "year" and value <= 5:
        values.append(numerals.plain(value * 12))
    return of("number", start, end, *values)
