"""Lines read off a picture, and the values in them: prices, times, dates, places, people, codes."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from pratique.partners.rules import words
from pratique.partners.rules.planted import ordered
from pratique.partners.rules.poster_lines import any_of
from pratique.text.scripts import letter_by_letter

MOST_LINES = 400
"""Lines of a picture that are looked at."""

LONGEST_LINE = 600
"""Code points of a line that are looked at; a longer one is a page, not a line."""

_HAN_NUMBER = "[〇零一二三四五六七八九十廿卅百千两]"
_WEEKDAY = r"\b(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\b"
_MONTH = r"(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]{0,7}"
_PATTERNS = {
    "price": re.compile(
        r"(?:nt\$|hk\$|rmb|[$¥£€])\s?\d[\d,]*(?:\.\d+)?|"
        rf"(?:\d[\d,]*(?:\.\d+)?|{_HAN_NUMBER}+)\s?(?:元|块|圆|yuan|dollars|pounds|euros)|"
        r"(?<![\d:.])(?<!\d[-–])-?\d+\.\d\d(?!\d)(?!\s*(?:am|pm|a\.m|p\.m|km|kg))"
    ),
    "time": re.compile(
        r"(?<!\d)\d{1,2}:\d\d(?!\d)|\b\d{1,2}(?:\.\d\d)?\s?(?:am|pm|a\.m|p\.m|ish)\b|"
        rf"(?:\d{{1,2}}|{_HAN_NUMBER}{{1,3}})\s?[点时](?!间)|"
        r"\bnoon\b|\bmidnight\b|\bfrom \d{1,2} (?:to|until|till) \d{1,2}\b|"
        r"(?<![\d/.-])\d{1,2}(?:\.\d\d)?\s?(?:-|–|—|to)\s?\d{1,2}(?:\.\d\d)?(?![\d/.-])(?!\s?[a-z]{3})"
    ),
    "date": re.compile(
        rf"(?:\d{{1,2}}|{_HAN_NUMBER}{{1,3}})\s?月\s?(?:\d{{1,2}}|{_HAN_NUMBER}{{1,3}})\s?[日号]?|"
        r"(?<!\d)\d{4}[-/.]\d{1,2}[-/.]\d{1,2}(?!\d)|(?<![\d/])\d{1,2}/\d{1,2}(?![\d/])|"
        rf"\b\d{{1,2}}(?:st|nd|rd|th)?\s?{_MONTH}\b|\b{_MONTH}\.?\s\d{{1,2}}\b|"
        rf"{_WEEKDAY}|(?:周|星期|礼拜)[一二三四五六日天]|[今明后]天|\btoday\b|\btomorrow\b"
    ),
    "place": re.compile(
        r"\b(?:street|st|road|rd|row|lane|avenue|ave|close|square|hall|room|gallery|library|museum|"
        r"theat(?:re|er)|church|park|centre|center|school|hotel|station|mill|club|caf[eé]|clinic|"
        r"practice|desk|gate|pier|courtyard|house|shed|yard|floor|pot)\b|"
        r"地[点址]|路|街|巷|[楼厅馆室店院场园港站]|门(?!票)|广场|花园|码头|书院|中心|公园|空间|诊所|老地方|东侧|南侧|西侧|北侧"
    ),
    "who": re.compile(
        r"\b(?:dr|mr|mrs|ms|prof)\b\.?\s?[a-z]|^\w+(?:\s\w+)?:\s?[a-z]|\b(?:by|with|support:)\s[a-z]|"
        r"\bpresents\b|\bplayers\b|\bcashier\b|\bpatient\b|\bpet\b|医生|医师|老师|主任|教授|作家|设计师|主讲|患者|姓名|乐队|个展|宠物"
    ),
    "count": re.compile(rf"\d|{_HAN_NUMBER}"),
}
_AMOUNT = re.compile(r"(?<![\d:/.,\s-])\s{1,4}(\d{1,5})$")
_NUMBERED = re.compile(r"\b(?:seat|row|page|room|gate|coach|bay|table|screen)\s+\d+$|[-–—→]\s+\d+$")
_LABEL = re.compile(r"^([^:|]{1,14})[:|]\s?\S")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a picture."""

    written: str
    """As it was read."""

    low: str
    """Folded for comparison: plain forms, simplified characters, lower case."""

    amount: bool
    """Whether it is an entry of a list of prices that closes with its bare amount."""

    @property
    def label(self) -> str:
        """What stands before a colon at the line's start; else empty."""
        found = _LABEL.match(self.low)
        return found[1].strip() if found else ""


def low(text: str) -> str:
    """Return *text* folded for comparison."""
    plain = unicodedata.normalize("NFKC", text).replace("’", "'")
    return letter_by_letter(plain, "zh-Hans").lower()


def read_lines(lines: Sequence[str]) -> list[Line]:
    """Return the lines that say something to people; orders to a machine are left out."""
    found: list[tuple[str, str]] = []
    for raw in lines[:MOST_LINES]:
        for part in raw.encode("utf-8", "ignore").decode("utf-8")[:LONGEST_LINE].splitlines():
            folded = low(part).strip()
            if any(c.isalnum() for c in folded) and not _ordering(folded):
                found.append((part.strip(), folded))
    entries = [_is_entry(folded) for _, folded in found]
    # One line that ends in a figure may be a hall or a row; two or more make a list of prices.
    many = sum(entries) >= 2
    return [
        Line(written, folded, many and entry)
        for (written, folded), entry in zip(found, entries, strict=True)
    ]


def _is_entry(folded: str) -> bool:
    """Say whether a line could be an entry of a list of prices: words, then a bare figure."""
    named = any(each.isalpha() for each in folded)
    return named and _AMOUNT.search(folded) is not None and _NUMBERED.search(folded) is None


def _ordering(folded: str) -> bool:
    return ordered(folded, "en") or ordered(folded, "zh-Hans")


def has(line: Line, kind: str) -> bool:
    """Say whether *line* has a value of *kind*."""
    if kind == "price" and (line.amount or phrases("line_free").search(line.low)):
        return True
    pattern = _PATTERNS.get(kind)
    return pattern is not None and pattern.search(line.low) is not None


def beside(line: Line) -> bool:
    """Say whether an hour in *line* is not that of the thing itself: doors, boarding, a deadline."""
    return any(phrases(f"line_{key}").search(line.low) for key in ("entry", "boarding", "deadline"))


def amounts(line: Line) -> list[float]:
    """Return the prices in *line*, as figures; those in words are left out."""
    found = [_figure(match[0]) for match in _PATTERNS["price"].finditer(line.low)]
    entry = _AMOUNT.search(line.low) if line.amount else None
    if entry is not None:
        found.append(float(entry[1]))
    return [price for price in found if price is not None and price > 0]


_TENS = re.compile(
    r"^(?:([一二三四五六七八九])百零?)?(?:([一二三四五六七八九]?)十)?([一二三四五六七八九])?$"
)
_DIGITS = "零一二三四五六七八九"


def _figure(price: str) -> float | None:
    plain = re.search(r"-?\d[\d,]*(?:\.\d+)?", price)
    if plain:
        return float(plain[0].replace(",", ""))
    said = _TENS.match(price.rstrip("元块圆 "))
    if said is None:
        return None
    hundreds = _DIGITS.index(said[1]) if said[1] else 0
    tens = 0 if said[2] is None else (_DIGITS.index(said[2]) if said[2] else 1)
    return float(hundreds * 100 + tens * 10 + (_DIGITS.index(said[3]) if said[3] else 0))


def values(line: Line) -> list[str]:
    """Return the prices, times and figures of *line* as written, for one of another language."""
    plain = unicodedata.normalize("NFKC", line.written)
    found = re.findall(r"(?:NT\$|[$¥£€])?[A-Za-z]{0,3}\d[\dA-Za-z:.,/×-]*", plain)
    return [value.rstrip(".,:-/") for value in found][:6]


@cache
def phrases(key: str) -> re.Pattern[str]:
    """Return a pattern of list *key* in both languages: pictures and questions mix them."""
    english = words.phrases("en", "vision.toml").get(key, ())
    return any_of(english + words.phrases("zh-Hans", "vision.toml").get(key, ()))
