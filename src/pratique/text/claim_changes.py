"""What a text claims by numbers: a price from 3.80 to 4.20 went up, and thousands are no millions."""

import re

_DIGIT = re.compile(r"\d")
_NUMBER = r"(\d+(?:[.:,]\d+)*)"
_FROM_TO = re.compile(
    rf"\bfrom\s+[$€£]?{_NUMBER}(\D{{0,12}}?)\s+to\s+[$€£]?{_NUMBER}"
    rf"|[由从自]{_NUMBER}([^\d，。；]{{0,6}}?)"
    rf"(?:[调改变加升涨降减提延挪移推]\w?[至为到成]|到|至|变成)[^\d，。；]{{0,3}}{_NUMBER}",
    re.IGNORECASE,
)
_FROM = re.compile("[由从自]")
_INSTEAD = re.compile(rf"\bat\s+(?:about\s+)?{_NUMBER}\s+instead\s+of\s+{_NUMBER}", re.IGNORECASE)
_DAY = re.compile(
    r"日|号|点|\bam\b|\bpm\b|january|february|march|april|june|july|august|may\b"
    r"|september|october|november|december",
    re.IGNORECASE,
)
_SCALE = re.compile(
    r"(\d+(?:[.,]\d+)*)\s*-?(thousand|million|billion|trillion|[kmgt]b|mg|kg|g|km|cm|mm|m|hours?"
    r"|minutes?|days?|weeks?|months?|years?|万亿|万|亿|千|百万|分钟|小时|天|周|个月|年|公斤|吨|克|公里|米)"
    r"(?![a-z])",
    re.IGNORECASE,
)
_DAY_AND_A_HALF = 1200
"""Hours as numbers like 2350: such a fall is the next morning."""


def units_changed(source: str, line: str) -> bool:
    """Say whether *line* gives a number of *source* in another unit: thousands become millions."""
    claimed = _SCALE.findall(line)
    if not claimed:
        return False
    said: dict[str, set[str]] = {}
    for number, unit in _SCALE.findall(source):
        said.setdefault(number, set()).add(_unit(unit))
    return any(number in said and _unit(unit) not in said[number] for number, unit in claimed)


def _unit(written: str) -> str:
    return written.lower().rstrip("s")


def changes(text: str) -> set[str]:
    """Return the events that pairs of numbers in *text* claim: `up`, `down`, `postponed` and such."""
    if not _DIGIT.search(text):
        return set()
    found = set()
    low = text.lower()
    pairs = _FROM_TO.finditer(text) if "from" in low or _FROM.search(text) else ()
    for one in pairs:
        old, between, new = one.groups()[:3] if one[1] else one.groups()[3:]
        after = text[one.end() : one.end() + 6]
        found.add(_change(old, new, timed=":" in new or bool(_DAY.search(between + after))))
    # What is searched for is the part of `instead` that no other letter may stand for.
    for one in _INSTEAD.finditer(text) if "tead" in low else ():
        found.add(_change(one[2], one[1], timed=True))
    return found - {""}


def _change(old: str, new: str, *, timed: bool) -> str:
    before, behind = _value(old), _value(new)
    if before == behind:
        return ""
    if timed:
        next_day = ":" in new and before - behind > _DAY_AND_A_HALF
        return "postponed" if behind > before or next_day else "brought_forward"
    return "up" if behind > before else "down"


def _value(written: str) -> float:
    plain = written.replace(":", "").replace(",", "")
    return float(plain) if plain.count(".") < 2 else 0.0
