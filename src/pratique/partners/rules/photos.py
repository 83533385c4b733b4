"""Searches for photos: who, what, where and when, and the words that are left."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import cast

from pratique.partners.rules import words
from pratique.partners.rules.album_names import low, named
from pratique.partners.rules.records_pictures import Dates, PhotoQuery, PhotoQueryInput, Thing
from pratique.text.calendar import today_of
from pratique.text.dates import Language, counted_from, dated
from pratique.text.scripts import letter_by_letter

_QUOTED = re.compile(r"“[^”]*”|「[^」]*」|『[^』]*』|\"[^\"]*\"|《[^》]*》|【[^】]*】")
_SENTENCE = re.compile(r"[^。！？!?;；\n]+(?:[。！？!?;；\n]|$)|\.(?=\s)")
_MARKS = re.compile(r"[\s,.;:!?，。；：！？、()（）“”「」『』\"《》…·—–|]+")
_CHAIN = re.compile(
    r"\s*(?:,|、|/|\bor\b|\band\b|\bnor\b|和|或|跟|与|及|也)\s*(?:the\s+|any\s+|a\s+)?"
)
_LED_BY_TIME = re.compile(
    r"\b(?:in|last|this|since|from|until|till|between|early|late|mid|of|next|during)[\s-]+$"
)
_CALENDAR_WORDS = frozenset(
    (
        *("january", "february", "march", "april", "may", "june", "july", "august"),
        *("september", "october", "november", "december"),
        *("spring", "summer", "autumn", "winter", "christmas", "easter"),
    )
)
_BLANK = "\x00"
_LONGEST = 2_000
"""A search is short; what comes after this many characters is left in the words."""

_DAYTIME = re.compile(
    r"\s+(?:morning|afternoon|evening|night)\b|的?(?:早上|上午|中午|下午|傍晚|晚上|夜里)"
)
"""A part of the day said with its day: 昨天晚上 is yesterday, not a search for night."""

_MONTH_FIRST = re.compile(r"\$|\bzip\b|\bcounty fair\b|\bcenter\b|\btheater\b|\b(?:AM|PM)\b")
_DAY_FIRST = re.compile(r"£|\bpostcode\b|\bcentre\b|\btheatre\b")


@dataclass(frozen=True, slots=True)
class _Item:
    """Something that a search says."""

    kind: str
    """`who`, `what`, `where` or `when`."""

    start: int
    """First code point."""

    end: int
    """One past the last code point."""

    value: str
    """The name or the thing; for a time, its two days with a slash between."""

    kept: bool = False
    """Whether its word is still to be looked for."""


def photo_query(given: PhotoQueryInput, locale: str) -> PhotoQuery:
    """Return what *given* asks for.

    Only what the words say: a name that the device does not know, a mood, a writing in the picture
    and everything that is ruled out stay in `text`.
    """
    query = given.query[:_LONGEST]
    language: Language = "en" if locale == "en" else "zh"
    reading = _reading(query)
    shut, ordered = _shut(reading, language)
    items = _items(given, shut, language)
    out = _ruled_out(items, shut, language)
    said = items
    items = _last_word(items, shut, language)
    taken = [item for item in items if item not in out]
    back = [replace(item, kept=False) for item in said if item not in items]
    text = _left(query, reading, [*taken, *back], out, language) + given.query[_LONGEST:]
    return PhotoQuery(
        who=_values(taken, "who"),
        what=cast(tuple[Thing, ...], _values(taken, "what")),
        where=_values(taken, "where"),
        when=_when(taken),
        text=query.strip() if ordered and not taken else text,
    )


def _reading(text: str) -> str:
    """Return *text* in simplified characters and lower case, each letter in its place."""
    return low(letter_by_letter(text, "zh-Hans"))


def _shut(reading: str, language: Language) -> tuple[str, bool]:
    """Return *reading* with quotations and orders blanked, and whether there were orders."""
    shut = _QUOTED.sub(lambda match: _BLANK * len(match[0]), reading)
    orders = _list(language, "orders")
    ordered = False
    for sentence in _SENTENCE.finditer(reading):
        if any(order in sentence[0] for order in orders):
            ordered = True
            shut = _blanked(shut, sentence.start(), sentence.end())
    return shut, ordered


def _blanked(text: str, start: int, end: int) -> str:
    return text[:start] + _BLANK * (end - start) + text[end:]


def _items(given: PhotoQueryInput, shut: str, language: Language) -> list[_Item]:
    """Return all that the search says, in order; words inside a name are not counted again."""
    items: list[_Item] = []
    both = [("where", given.places), ("who", given.people)]
    found: list[_Item] = []
    apart: list[tuple[int, int]] = []
    for kind, names in both:
        pairs = [(name, _reading(name)) for name in dict.fromkeys(names)]
        for each in named(shut, pairs, people=kind == "who"):
            if _is_time(shut, each.start, each.end) or _straddled(
                shut, each.start, each.end, language
            ):
                continue
            if each.kin and (owner := _owner(shut, each.start)) is not None:
                apart.append((owner, each.end))
                continue
            found.append(_Item(kind, each.start, each.end, each.name))
    found.sort(key=lambda item: item.start - item.end)
    found = [item for item in found if not any(a <= item.start and item.end <= b for a, b in apart)]
    for item in found:
        if all(item.end <= other.start or item.start >= other.end for other in items):
            items.append(item)
            shut = _blanked(shut, item.start, item.end)
    for item in _times(given, shut, language):
        items.append(item)
        shut = _blanked(shut, item.start, item.end)
    items.extend(_things(shut, language))
    return sorted(items, key=lambda item: item.start)


def _is_time(shut: str, start: int, end: int) -> bool:
    """Say whether the name is a month or a season here: `in April`, though April is known."""
    return shut[start:end] in _CALENDAR_WORDS and bool(_LED_BY_TIME.search(shut, 0, start))


def _owner(shut: str, start: int) -> int | None:
    """Return where the words begin that make the relative somebody else's: Ben's mum."""
    match = re.search(r"\b\w+['’]s\s+$", shut[:start])
    return None if match is None else match.start()


def _straddled(shut: str, start: int, end: int, language: Language) -> bool:
    """Say whether the name is only a part of a longer word: 小雨 in 下小雨."""
    if language == "en":
        return False
    name = shut[start:end]
    for word in _table(language):
        if len(word) <= len(name) or name not in word:
            continue
        at = shut.find(word, max(0, end - len(word)), start + len(word))
        if 0 <= at <= start and at + len(word) >= end:
            return True
    return False


def _times(given: PhotoQueryInput, shut: str, language: Language) -> Iterator[_Item]:
    today = today_of(given.today)
    if today is None:
        return
    month_first = _month_first(given.query, language)
    read = _restored(given.query, shut)
    for said in dated(read, language, counted_from(today, ahead=False, month_first=month_first)):
        if not _undated(shut, said.start, said.end, language):
            days = f"{said.days.first.isoformat()}/{said.days.last.isoformat()}"
            part = (
                _DAYTIME.match(shut, said.end) if said.kind in ("day", "weekday", "today") else None
            )
            yield _Item("when", said.start, said.end if part is None else part.end(), days)


def _restored(query: str, shut: str) -> str:
    """Return the query as written, with blanks where *shut* has them: capitals tell `Sat`."""
    return "".join(
        _BLANK if blank == _BLANK else each for each, blank in zip(query, shut, strict=False)
    )


def _month_first(query: str, language: Language) -> bool | None:
    if language == "zh":
        return None
    if _MONTH_FIRST.search(query) or _MONTH_FIRST.search(low(query)):
        return True
    return False if _DAY_FIRST.search(low(query)) else None


def _undated(shut: str, start: int, end: int, language: Language) -> bool:
    """Say whether the time is only a bound that leaves the other end open: before, after."""
    marks = _list(language, "undated")
    if language == "en":
        return bool(re.search(rf"\b(?:{'|'.join(marks)})\s+(?:the\s+)?$", shut[:start]))
    return shut[end:].startswith(marks) and not shut[end:].startswith("以后到")


def _things(shut: str, language: Language) -> Iterator[_Item]:
    """Yield the things that are said, the longest word at each place."""
    for match in _thing_pattern(language).finditer(shut):
        word = match[0]
        thing, kept = _thing(language, word)
        if thing:
            yield _Item("what", match.start(), match.end(), thing, kept)


def _thing(language: Language, word: str) -> tuple[str, bool]:
    table = _table(language)
    for form in (word, word.removesuffix("s"), word.removesuffix("es"), word.removesuffix("'s")):
        if form in table:
            return table[form]
    return "", False


@cache
def _table(language: Language) -> Mapping[str, tuple[str, bool]]:
    """Return each word with its thing, and whether the word is still to be looked for."""
    table: dict[str, tuple[str, bool]] = {}
    for place in ("en",) if language == "en" else ("en", "zh-Hans"):
        for name, kept in (("photo_finer.toml", True), ("photo_things.toml", False)):
            for thing, spelt in words.phrases(place, name).items():
                table.update((word, (thing, kept)) for word in spelt)
    table.update((word, ("", True)) for word in _list(language, "within"))
    return table


@cache
def _thing_pattern(language: Language) -> re.Pattern[str]:
    spelt = sorted(_table(language), key=len, reverse=True)
    latin = "|".join(re.escape(word) for word in spelt if word.isascii())
    other = "|".join(re.escape(word) for word in spelt if not word.isascii())
    pattern = rf"(?<![a-z])(?:{latin})(?:es|s)?(?![a-z])"
    return re.compile(f"{pattern}|{other}" if other else pattern)


def _list(language: Language, key: str) -> tuple[str, ...]:
    return words.phrases("en" if language == "en" else "zh-Hans", "photo_query.toml")[key]


def _ruled_out(items: Sequence[_Item], shut: str, language: Language) -> dict[_Item, int]:
    """Return the items that are not wanted, each with the place where its negation begins."""
    out: dict[_Item, int] = {}
    for item in items:
        if item.kind == "when":
            continue
        start = _without(shut, item.start, language)
        if start is not None:
            out[item] = start
            continue
        before = max((each for each in out if each.end <= item.start), key=_end, default=None)
        if before is not None and _CHAIN.fullmatch(shut, before.end, item.start):
            if not re.match(r"\s*(?:,|，|but)", shut[before.end : item.start]):
                out[item] = out[before]
        elif shut[item.end :].lstrip().startswith(_list(language, "behind")):
            out[item] = item.start
    return out


def _end(item: _Item) -> int:
    return item.end


def _without(shut: str, start: int, language: Language) -> int | None:
    """Return where the negation begins that stands right before *start*."""
    pattern = _without_pattern(language)
    match = pattern.search(shut, max(0, start - 30), start)
    return None if match is None else match.start()


@cache
def _without_pattern(language: Language) -> re.Pattern[str]:
    spelt = sorted(_list(language, "without"), key=len, reverse=True)
    every = "|".join(re.escape(word) for word in spelt)
    if language == "en":
        return re.compile(rf"\b(?:{every})\s+(?:(?:the|any|a|an|my|of|in|at|with|photos of)\s+)*$")
    return re.compile(rf"(?:{every})(?:有|在|的|是|任何|跟|和|含|\s)*$")


def _last_word(items: Sequence[_Item], shut: str, language: Language) -> list[_Item]:
    """Drop what the speaker takes back: `May, no, I mean June`."""
    marks = [shut.rfind(mark) for mark in _list(language, "corrected")]
    cut = max(marks, default=-1)
    if cut <= 0:
        return list(items)
    later = {item.kind for item in items if item.start >= cut}
    return [item for item in items if item.start >= cut or item.kind not in later]


def _values(items: Sequence[_Item], kind: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(item.value for item in items if item.kind == kind))


def _when(items: Sequence[_Item]) -> Dates | None:
    """Return the stretch that is meant; of several, the first, or all where they touch."""
    spans = [item.value.split("/") for item in items if item.kind == "when"]
    if not spans:
        return None
    first, last = spans[0]
    for begin, end in spans[1:]:
        if first <= begin and end <= last:
            first, last = begin, end
    if date.fromisoformat(last) < date.fromisoformat(first):
        return None
    return Dates(first=first, last=last)


def _left(
    query: str,
    reading: str,
    taken: Sequence[_Item],
    out: Mapping[_Item, int],
    language: Language,
) -> str:
    """Return the words that are still to be looked for."""
    gone = [False] * len(query)
    for item in taken:
        if not item.kept:
            gone[item.start : item.end] = [True] * (item.end - item.start)
    fixed = [False] * len(query)
    for item, start in out.items():
        end = _behind(reading, item.end, language)
        fixed[start:end] = [True] * (end - start)
    for match in _QUOTED.finditer(reading):
        fixed[match.start() + 1 : match.end() - 1] = [True] * (len(match[0]) - 2)
    pieces: list[str] = []
    at = 0
    while at < len(query):
        end = at
        while end < len(query) and (fixed[end], gone[end]) == (fixed[at], gone[at]):
            end += 1
        if fixed[at]:
            pieces.append(query[at:end].strip())
        elif not gone[at]:
            pieces.extend(_searched(query[at:end], reading[at:end], language))
        at = end
    return " ".join(piece for piece in pieces if piece)


def _behind(reading: str, end: int, language: Language) -> int:
    """Return the end of the words that rule out what stands before them."""
    for word in _list(language, "behind"):
        if reading.startswith(word, end):
            return end + len(word)
    return end


def _searched(written: str, read: str, language: Language) -> Iterator[str]:
    """Yield what is left of a stretch when the words around a search are taken off."""
    at = 0
    for mark in [*_MARKS.finditer(read), None]:
        if mark is not None and re.fullmatch(r"[.:,]", mark[0]) and _in_figure(read, mark.start()):
            continue
        end = len(read) if mark is None else mark.start()
        word, spoken = written[at:end], read[at:end]
        at = end if mark is None else mark.end()
        if language == "en":
            if spoken.strip("'’") and spoken.strip("'’") not in _list(language, "filler"):
                yield word
        else:
            yield _bare(word, spoken)


def _in_figure(read: str, at: int) -> bool:
    return read[at - 1 : at].isdigit() and read[at + 1 : at + 2].isdigit()


def _bare(word: str, spoken: str) -> str:
    """Return a Chinese stretch without filling words at its edges."""
    fillers = _list("zh", "filler")
    while spoken:
        before = len(spoken)
        for filler in fillers:
            if spoken.startswith(filler):
                word, spoken = word[len(filler) :], spoken[len(filler) :]
            if spoken and spoken.endswith(filler):
                word, spoken = word[: -len(filler)], spoken[: -len(filler)]
        if len(spoken) == before:
            break
    alone = spoken in _list("zh", "alone") or spoken in _list("en", "filler")
    return "" if alone else word
