"""Pieces of a poster: what is left of its lines beside dates and hours, and what each may be."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from pratique.partners.rules.poster_lines import PosterLine, has, kinds, pattern
from pratique.partners.rules.poster_marks import Mark, without_former
from pratique.text.dates import Language

_TRIM = " →➔⇒\t,，.。;；:：·•|｜-–—~～/\\()（）[]【】<>*#!！?？\x00\"'"
_CUTS = re.compile(
    r"[,，;；。|｜·•\x00\t!！]|\s[-–—/]{1,2}\s|\.\s|\s(?=at\s)|\s{2,}|\s(?=(?:row|seats?)\s)|\s(?=[£$€¥]\s?\d|\d+p\b)|(?<=厅)(?=\d+排)|[()（）【】\[\]]|(?<=[^0-9\s])[:：]|[\U0001F000-\U0001FFFF\u2600-\u27BF]"
)
_SPACES_ZH = re.compile(
    r"(?<=[\u3400-\u9fff》」”0-9）])\s+(?=[\u3400-\u9fff《「“A-Za-z0-9])|(?<=[A-Za-z0-9])\s+(?=[\u3400-\u9fff《「“])"
)
_QUOTED = re.compile(r"[《「“]([^》」”\n]{1,40})[》」”]|\"([^\"\n]{2,60})\"")
_PHONE = re.compile(r"\d{3,4}[- ]?\d{4,}|\d{5,}|https?:|www\.|\S@\S")
_MONEY = re.compile(r"[£$€¥￥]\s?\d|\d\s*(?:元|块|円|港币|蚊|rmb)|nt\$|hk\$")
_CLAUSES = {
    "en": re.compile(r"[;。!]|\.\s|\s{2,}|,(?!\d)|[()|]"),
    "zh": re.compile(
        r"[;；。!！]|\s{2,}|[,，](?!\d)|[()（）|]|(?<=[\u3400-\u9fff])\s(?=[\u3400-\u9fffA-Za-z])"
    ),
}
_SPEAKER = re.compile(r"^([^\s:：]{1,8})[:：](?!\d)")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of one line with no date or hour in it."""

    line: int
    """Its line, from 0."""

    start: int
    """First code point in the line."""

    end: int
    """One past the last code point."""

    text: str
    """As written."""

    low: str
    """In simplified characters and lower case."""

    label: str = ""
    """`place`, `named` or `head` where a label stands before it, `to` behind an arrow; else empty."""


def pieces(lines: Sequence[PosterLine], marks: Sequence[Mark], language: Language) -> list[Piece]:
    """Return the pieces of *lines*, in order, with what a label says of them."""
    found: list[Piece] = []
    for number, line in enumerate(lines):
        shut = without_former(line.low)
        for mark in marks:
            if mark.line == number:
                shut = shut[: mark.start] + "\x00" * (mark.end - mark.start) + shut[mark.end :]
        label = ""
        for start, end in _stretches(shut, language):
            spoken = shut[start:end]
            if told := _label(spoken, line.low[end : end + 3], language):
                label = told
                continue
            if spoken == low_speaker(line) or _empty(spoken, language):
                continue
            piece = _piece(number, line, start, end, label, language)
            label = ""
            if piece is not None:
                found.append(piece)
    return found


def _label(spoken: str, behind: str, language: Language) -> str:
    """Return what a label says of the piece after it; empty where *spoken* is no label."""
    if pattern("labels", language).fullmatch(spoken):
        return "place"
    if pattern("named", language).fullmatch(spoken):
        return "named"
    if pattern("heads", language).fullmatch(spoken):
        return "head"
    colon = behind.lstrip()[:1] in (":", "：")
    if colon and any(words.fullmatch(spoken) for _, words in kinds(language)):
        return "named"
    return ""


def low_speaker(line: PosterLine) -> str:
    """Return who speaks on a line of a chat, in lower case; empty where none does."""
    match = _SPEAKER.match(line.low)
    if match is None or len(line.low) <= match.end() or kind_of(match[1], "zh"):
        return ""
    return match[1]


def _empty(spoken: str, language: Language) -> bool:
    """Say whether *spoken* only says what an hour is for: doors, 入席, 闭馆."""
    keys = ("strip", "begins", "ends", "doors") if language == "zh" else ("strip", "doors")
    every = "|".join(pattern(key, language).pattern for key in keys)
    return re.fullmatch(rf"(?:(?:{every}|准时|正式|闭馆|每|场|场次)\s*)+", spoken) is not None


def _stretches(shut: str, language: Language) -> Iterator[tuple[int, int]]:
    cuts = [(match.start(), match.end()) for match in _CUTS.finditer(shut)]
    if language == "zh":
        cuts += [(match.start(), match.end()) for match in _SPACES_ZH.finditer(shut)]
    at = 0
    for start, end in [*sorted(cuts), (len(shut), len(shut))]:
        if start > at and shut[at:start].strip(_TRIM):
            left = shut[at:start]
            begin = at + len(left) - len(left.lstrip(_TRIM))
            yield begin, begin + len(left.strip(_TRIM))
        at = max(at, end)


def _piece(
    number: int, line: PosterLine, start: int, end: int, label: str, language: Language
) -> Piece | None:
    """Return the piece without filling words at its edges; a label glued to it is read off."""
    low = line.low
    if language == "zh" and end - start > 3 and low[:end].endswith("集合"):
        label, end = "place", end - 2
    head = _led_by("labels", language).match(low[start:end])
    if head and head.end() < end - start:
        label, start = "place", start + head.end()
    else:
        head = _led_by("heads", language).match(low[start:end])
        start += head.end() if head and head.end() < end - start else 0
    if low[:start].rstrip().endswith(("→", "->", "➔", "⇒")):
        label = "to"
    start, end = _stripped(low, start, end, language)
    if start >= end:
        return None
    return Piece(number, start, end, line.written[start:end], low[start:end], label)


@cache
def _led_by(key: str, language: Language) -> re.Pattern[str]:
    """Return a pattern of a label right before what it names."""
    if language == "en":
        return re.compile(rf"(?:{pattern(key, language).pattern})\s*[:：]\s*")
    return re.compile(rf"(?:{pattern(key, language).pattern})(?:\s*[:：]\s*|\s+)")


@cache
def _edges(language: Language) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return patterns of the filling words at the front and at the back of a piece."""
    strips = pattern("strip", language).pattern
    if language == "zh":
        return re.compile(rf"(?:{strips})"), re.compile(rf"(?:{strips})$")
    return re.compile(rf"(?:{strips})(?:\s+|$)"), re.compile(rf"(?:^|\s)(?:{strips})$")


def _stripped(low: str, start: int, end: int, language: Language) -> tuple[int, int]:
    leading, trailing = _edges(language)
    for _ in range(4):
        text = low[start:end]
        start += len(text) - len(text.lstrip(_TRIM))
        end = start + len(low[start:end].rstrip(_TRIM))
        text = low[start:end]
        match = leading.match(text)
        # The article stays with its noun; `at` and `in` tell a place.
        if match and match[0].strip() not in ("the", "at", "in") and not _short(text, language):
            start += match.end()
        text = low[start:end]
        if (match := trailing.search(text)) and not _short(text, language):
            end = start + match.start()
    return start, max(start, end)


def _short(text: str, language: Language) -> bool:
    """Say whether a Chinese *text* is too short to lose a character."""
    return language == "zh" and len(text) <= 2


def placelike(piece: Piece, language: Language) -> bool:
    """Say whether the piece ends in a word for a place, or begins with `at` or `in`."""
    low = piece.low.rstrip(_TRIM)
    if piece.label in ("place", "to"):
        return piece.label == "place"
    if language == "en":
        if re.match(r"(?:both |all )?(?:at|in) ", low):
            return len(low) < 60
        return has(low, "places", "en") and len(low) < 60
    if len(low) > 24 or re.search(r"[吗呢？?]", low):
        return False
    return (
        re.search(
            rf"(?:{pattern('places', language).pattern})(?:前|旁|门口|外|内)?(?:等|见|集合)?[0-9a-z]{{0,4}}$",
            low,
        )
        is not None
    )


def notelike(piece: Piece, language: Language) -> bool:
    """Say whether the piece speaks of prices, numbers to call, what to bring."""
    low = piece.low
    if _MONEY.search(low) or _PHONE.search(low):
        return True
    if not any(each.isalpha() for each in low):
        return True
    if has(low, "doors", language) or has(low, "deadline", language):
        return True
    return has(low, "notes", language)


def kind_of(low: str, language: Language) -> str:
    """Return the category whose words *low* has; empty where it has none."""
    return next((kind for kind, words in kinds(language) if words.search(low)), "")


def title_weight(piece: Piece, first: bool, language: Language) -> float:
    """Return how much the piece looks like the name of an event."""
    low = piece.low
    weight = 1.0 if first else 0.0
    if kind_of(low, language):
        weight += 2
    if notelike(piece, language):
        weight -= 3.5
    if placelike(piece, language):
        weight -= 1.5 if kind_of(low, language) else 2.5
    if piece.label in ("place", "to"):
        weight -= 4
    if piece.label == "named":
        weight += 4
    if has(low, "ticket", language):
        weight -= 3
    if has(low, "unknown", language) or has(low, "none", language):
        weight -= 2
    letters = [each for each in piece.text if each.isalpha() and each.isascii()]
    if letters and all(each.isupper() for each in letters) and len(letters) > 3:
        weight += 1.5
    if re.match(r"an? .* by ", low):
        weight -= 2
    if len(low) > (70 if language == "en" else 30):
        weight -= 1.5
    if len(low) < (3 if language == "en" else 2):
        weight -= 3
    return weight


def quoted(line: PosterLine) -> str:
    """Return what stands between title marks on *line*; empty where nothing does."""
    match = _QUOTED.search(line.written)
    return "" if match is None else (match[1] or match[2] or "").strip()


def speaker(line: PosterLine) -> str:
    """Return who speaks on a line of a chat; empty where that is not told."""
    return line.written[: len(low_speaker(line))]


def clause(line: PosterLine, start: int, end: int, language: Language) -> str:
    """Return the clause of *line* that holds a stretch, as written."""
    cut = _CLAUSES[language]
    cuts = [
        0,
        *(at for match in cut.finditer(line.written) for at in match.span()),
        len(line.written),
    ]
    begin = max((at for at in cuts if at <= start), default=0)
    until = min((at for at in cuts if at >= end), default=len(line.written))
    return line.written[begin:until].strip(" \t,，;；。()（）|")
