"""Values in a text that belong into cells: prices, times, amounts, addresses, states."""

import re
from dataclasses import dataclass
from functools import cache

from pratique.partners.rules import words

_NUMBER = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
_HAN_NUMBER = rf"(?:{_NUMBER}|[〇零一二两三四五六七八九十百千半]+)[万亿多]?"
_CLOCK = r"\d{1,2}(?:[:：]\d\d|\s?(?:am|pm|a\.m\.|p\.m\.)|[点时](?:半|\d{1,2}分?|[一二三四五]?十?[五]?分)?)"
_PART = r"(?:上午|下午|早上|晚上|中午|凌晨|傍晚)?"
_ENGLISH = (
    ("age", rf"{_NUMBER} years? old\b|\baged {_NUMBER}"),
    ("points", rf"{_NUMBER} points?\b"),
    ("mail", r"[\w.+-]{1,60}@[\w-]+(?:\.[\w-]+)+"),
    ("phone", r"(?<![\d-])(?:\+\d[\d -]{6,16}\d|\d{3,4}-\d{3,4}(?:-\d{3,4})?|\d{7,12})(?![\d-])"),
    ("hours", rf"(?:{_CLOCK}|\d{{1,2}})\s?(?:[-–]|to|until)\s?(?:{_CLOCK}|\d{{1,2}})(?![\w-])"),
    ("time", rf"(?<!\d){_CLOCK}(?!\w)|\b(?:noon|midnight)\b"),
    ("percent", rf"{_NUMBER}\s?(?:%|percent\b)"),
    (
        "price",
        rf"(?<![\d.])\d{{1,4}}\.\d\d(?![\d.\w])(?!\s?[a-z]{{1,2}}\b)|[$€£¥]\s?{_NUMBER}(?:\s?(?:each|a kilo|per \w+))?"
        rf"|{_NUMBER}\s?(?:€|£|(?:euros?|dollars?|pounds?|cents?|yuan|EUR|USD|GBP)\b)",
    ),
    ("weight", rf"{_NUMBER}\s?(?:kg|g|mg|lbs?|oz|tbsp|tsp|cups?|kilos?|grams?)\b"),
    ("volume", rf"{_NUMBER}\s?(?:l|ml|cl|litres?|liters?|pints?|gallons?)\b"),
    (
        "size",
        rf"{_NUMBER}\s?(?:mm|cm|m|km|ft|in|inches|feet|metres?|meters?|miles?)\b(?:\s?[x×]\s?{_NUMBER}\s?\w*)?",
    ),
    ("duration", rf"{_NUMBER}\s?(?:min|mins|minutes?|h|hrs?|hours?|days?|weeks?|months?|years?)\b"),
)
_CHINESE = (
    ("age", rf"{_HAN_NUMBER}岁半?"),
    ("points", rf"{_HAN_NUMBER}分(?!钟)"),
    ("mail", r"[A-Za-z0-9_.+-]{1,60}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+"),
    ("phone", r"(?<![\d-])(?:1\d{10}|\d{3,4}-\d{3,8}(?:-\d{3,4})?|\d{7,12})(?![\d-])"),
    ("hours", rf"{_PART}(?:{_CLOCK}|\d{{1,2}})(?:\s?[-–~至到])\s?{_PART}(?:{_CLOCK}|\d{{1,2}})"),
    (
        "time",
        rf"{_PART}(?:(?<!\d){_CLOCK}|[一二两三四五六七八九十]{{1,3}}点(?:半|[一二三四五十]+分)?)",
    ),
    ("percent", rf"{_NUMBER}\s?%|百分之[一二三四五六七八九十]+"),
    (
        "price",
        rf"[$€£¥￥]\s?{_NUMBER}|{_HAN_NUMBER}(?:元|块[一二三四五六七八九](?![一-龥]*[个只])|块钱?|欧元|美元|毛)(?:一?[/每]?[斤个张位人份只盒瓶])?",
    ),
    ("weight", rf"{_HAN_NUMBER}(?:公斤|千克|毫克|公克|克|斤|两|勺)"),
    ("volume", rf"{_HAN_NUMBER}(?:毫升|公升|升)"),
    ("size", rf"{_HAN_NUMBER}(?:毫米|厘米|公分|公里|千米|平方米|平米|坪|米|丈|尺|寸|公尺)"),
    ("duration", rf"{_HAN_NUMBER}(?:分钟|小时|个小时|天|周|个月|年|学时)"),
    (
        "amount",
        rf"{_HAN_NUMBER}(?:个|只|条|张|本|把|盒|瓶|袋|包|斤|件|份|箱|台|辆|棵|位|人|名|支|双|块|片|根|颗)",
    ),
)
_BARE = rf"(?<![\w.,:/]){_NUMBER}(?![\w:/]|,\d|\.\d)"
_BARE_HAN = rf"{_NUMBER}"


_READ = 300
"""Letters of one clause that are read."""


@dataclass(frozen=True, slots=True)
class Value:
    """One value where it stands."""

    kind: str
    """`price`, `time`, ...; `state` fits any column."""

    start: int
    """First letter."""

    end: int
    """One past the last letter."""

    text: str
    """As it stands."""


def values(segment: str, locale: str) -> list[Value]:
    """Return the values of *segment*, in order; none within another."""
    found: list[Value] = []
    for kind, pattern in _patterns(locale):
        for match in pattern.finditer(segment[:_READ]):
            free = all(match.end() <= each.start or match.start() >= each.end for each in found)
            if free and match[0].strip():
                found.append(Value(kind, match.start(), match.end(), match[0].strip()))
    return sorted(found, key=lambda each: each.start)


@cache
def _patterns(locale: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Return each kind of value with its pattern, in the order in which they are tried."""
    lists = words.phrases(locale, "forms.toml")
    english = locale == "en"
    kinds = [*(_ENGLISH if english else _CHINESE)]
    pinch = _either(lists["pinches"])
    kinds.append(("weight", rf"\b(?:{pinch})\b(?: of\b)?" if english else pinch))
    kinds.append(
        ("state", rf"\b(?:{_either(lists['states'])})$" if english else _either(lists["states"]))
    )
    kinds.append(("number", _BARE if english else _BARE_HAN))
    return tuple((kind, re.compile(pattern, re.IGNORECASE)) for kind, pattern in kinds)


def _either(phrases: tuple[str, ...]) -> str:
    return "|".join(map(re.escape, sorted(phrases, key=lambda each: (-len(each), each))))
