"""What a phone may offer to do with lines of a picture: call, open, note an event, show a map."""

import re
from collections.abc import Sequence

from pratique.partners.rules.records_vision import Action, ActionKind
from pratique.partners.rules.vision_lines import Line, beside, has, phrases
from pratique.text.languages import written_in

PHONE = re.compile(
    r"(?<![\w-])(?:\+\d{1,3}[\s-]?)?(?:\(0?\d{1,4}\)\s?)?(?:0\d{2,3}[\s-]\d{3,4}[\s-]?\d{3,4}|1[3-9]\d{9}|"
    r"\d{3,4}-\d{3,4}-\d{3,4}|\+\d{9,14})(?![\w-])"
)
"""A telephone number."""

WEB = re.compile(r"(?:https?://|www\.)[\w./?=&%#:+-]*[\w/]|\b[\w.+-]+@[\w-]+\.[\w.-]*\w")
"""A web or mail address."""

_NUMBERED = re.compile(r"(?<![\w-])\d[\d -]{5,14}\d(?![\w-])")
_ADDRESS = re.compile(
    r"(?:路|街|巷|段|道)\s?\d+\s?号?|"
    r"\b\d+\s(?:[a-z']+\s){1,3}(?:street|st|road|rd|row|lane|avenue|ave|close|square)\b|"
    r"\b(?:street|church|gallery|library|museum|village hall|town hall)\b|"
    r"地[点址]|广场|码头|公园|美术馆|剧[院场]|书店|医院|诊所|书院"
)
_CODE = re.compile(
    r"(?<![\w-])(?=[A-Za-z0-9_-]*\d)[A-Za-z0-9][A-Za-z0-9_-]{2,}[A-Za-z0-9](?: \d{4})?(?![\w-])"
)
_MOST = 10


def offered(lines: Sequence[Line], used: Sequence[int], locale: str) -> tuple[Action, ...]:
    """Return what may be offered for the lines that an answer *used*."""
    found: list[tuple[ActionKind, str]] = []
    for i in used:
        line = lines[i]
        phone = phone_in(line)
        if phone:
            found.append(("call", phone))
        found.extend(("open", match[0]) for match in WEB.finditer(line.written))
        if has(line, "date"):
            found.append(("event", _moment(lines, i)))
        if _ADDRESS.search(line.low):
            found.append(("map", line.written))
        if not phone and phrases("line_code").search(line.low):
            found.extend(("copy", match[0]) for match in _CODE.finditer(line.written))
        if not written_in(line.written, locale):
            found.append(("translate", line.written))
    return tuple(Action(kind=kind, value=value) for kind, value in dict.fromkeys(found))[:_MOST]


def phone_in(line: Line) -> str:
    """Return the number to call in *line*; one of another form only where the line says so."""
    match = PHONE.search(line.written)
    if match is None and phrases("line_phone").search(line.low):
        match = _NUMBERED.search(line.written)
    return "" if match is None else match[0].strip()


def _moment(lines: Sequence[Line], i: int) -> str:
    """Return the day in line *i* as written, with the hour that one of the next lines has."""
    if has(lines[i], "time"):
        return lines[i].written
    following = [each for each in lines[i + 1 : i + 3] if has(each, "time")]
    if not following or has(lines[i + 1], "date"):
        return lines[i].written
    return f"{lines[i].written} {min(following, key=beside).written}"
