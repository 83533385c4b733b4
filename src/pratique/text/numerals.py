"""Numerals: what a written number amounts to, in digits, Chinese characters or English words."""

import re
from decimal import Decimal
from functools import cache, lru_cache

Amount = int | Decimal

MAX_DIGITS = 24
"""A longer run of digits is an identifier, not an amount."""

HAN_DIGITS = {
    **dict(zip("〇一二三四五六七八九", range(10), strict=True)),
    "零": 0,
    "两": 2,
    "兩": 2,
}
HAN_UNITS = {"十": 10, "百": 100, "千": 1000}
HAN_MYRIADS = {"万": 10**4, "萬": 10**4, "亿": 10**8, "億": 10**8}
HAN_TENS = {"廿": 20, "卅": 30}
HAN = "".join([*HAN_DIGITS, *HAN_UNITS, *HAN_MYRIADS, *HAN_TENS])
"""Every character that a Chinese numeral is written with."""

_UNITS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen"
)
_ORDINALS = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth "
    "fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth"
)
ENGLISH = {
    **dict(zip(_UNITS.split(), range(20), strict=True)),
    "twenty": 20,
    "thirty": 30,
    "forty": 40,
    "fifty": 50,
    "sixty": 60,
    "seventy": 70,
    "eighty": 80,
    "ninety": 90,
}
ENGLISH_SCALES = {
    "dozen": 12,
    "hundred": 100,
    "thousand": 10**3,
    "k": 10**3,
    "million": 10**6,
    "mn": 10**6,
    "m": 10**6,
    "billion": 10**9,
    "bn": 10**9,
    "trillion": 10**12,
}
ENGLISH_ORDINALS = {
    **dict(zip(_ORDINALS.split(), range(1, 20), strict=True)),
    "twentieth": 20,
    "thirtieth": 30,
    "fortieth": 40,
    "fiftieth": 50,
    "hundredth": 100,
}


def plain(value: Amount) -> Amount:
    """Return *value* as a whole number where it is one, else without closing noughts."""
    if isinstance(value, int):
        return value
    return int(value) if value == int(value) else value.normalize()


def digits(text: str) -> Amount | None:
    """Return the number that *text* writes in digits, `1,000.5` included; None if none."""
    if text.isdecimal():
        return int(text) if len(text) <= MAX_DIGITS else None
    bare = text.replace(",", "")
    if not bare or len(bare) > MAX_DIGITS:
        return None
    return plain(Decimal(bare)) if "." in bare else int(bare)


@lru_cache(maxsize=1024)
def han(text: str) -> Amount | None:
    """Return the number that *text* writes in Chinese, digits and decimals mixed in or not.

    None for what is no single number: 三四 (three or four), 一五一十, 万一.
    """
    if len(text) == 1:
        return HAN_DIGITS.get(text, 10 if text == "十" else HAN_TENS.get(text))
    if all(character in HAN_DIGITS for character in text):
        spelt = "".join(str(HAN_DIGITS[character]) for character in text)
        return int(spelt) if len(text) > 3 or "0" in spelt[1:] else None
    if text[0] in "百千万萬亿億":
        return None
    return _sum(_han_parts().findall(text))


def english(text: str) -> Amount | None:
    """Return the number that *text* spells in English words; None if it spells none."""
    if (single := ENGLISH.get(text)) is not None:
        return single
    whole, group, before = 0, 0, ""
    for word in text.replace("-", " ").split():
        if word in ("and", "a"):
            continue
        if (scale := ENGLISH_SCALES.get(word)) is not None:
            if scale <= 100:
                group = (group or 1) * scale
            else:
                whole, group = whole + (group or 1) * scale, 0
        elif (value := ENGLISH.get(word)) is not None:
            if before in ENGLISH and not (ENGLISH[before] >= 20 and 0 < value < 10):
                return None
            group += value
        else:
            return None
        before = word
    return whole + group


@cache
def _han_parts() -> re.Pattern[str]:
    return re.compile(r"[0-9][0-9,]*(?:\.[0-9]+)?|[^ ]")


def _sum(parts: list[str]) -> Amount | None:
    total: Amount = 0
    section: Amount = 0
    current: Amount | None = None
    unit, largest = 1, 0
    for part in parts:
        if part in HAN_DIGITS or part[0].isdecimal():
            value = HAN_DIGITS.get(part) if part in HAN_DIGITS else digits(part)
            if value is None or (current and part in HAN_DIGITS):
                return None
            current = value
            unit = 1 if value == 0 else unit
        elif part in HAN_TENS:
            section, unit = section + HAN_TENS[part], 10
        elif part in HAN_UNITS:
            unit = HAN_UNITS[part]
            section += (1 if current is None or current == 0 else current) * unit
            current = None
        else:
            unit = HAN_MYRIADS[part]
            section += current or 0
            if unit > largest:
                total, largest = (total + section) * unit, unit
            else:
                total += section * unit
            section, current = 0, None
    if current and current < 10 and unit >= 100:
        # 一千二 is 1200 and 三万五 is 35000; 一千零二 is 1002.
        current = current * (unit // 10)
    return plain(total + section + (current or 0))
