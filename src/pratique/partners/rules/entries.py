"""Entries of a list: what a text enumerates, corrected as it corrects itself."""

import re
from functools import cache

from pratique.partners.rules import words
from pratique.partners.rules.planted import ordered
from pratique.partners.rules.sentences import sentences

_SEPARATOR = re.compile(r"[;；\n]+|,(?!\d{3})\s*|[，、]|\s+[–—-]+\s+|——")
_MARKS = " \t\r\n,;:.。，；：、!！–—-…"
_BULLET = re.compile(r"^\s*(?:[-*•·]\s*|\d{1,2}[.)、](?!\d)\s*|[（(]\d{1,2}[)）]\s*|\[[ x]?\]\s*)")
_OPENS, _CLOSES = "([{（【“「《", ")]}）】”」》"
_COLON = re.compile(r"^[^:：,，;；、]{1,24}[:：](?!\d)\s*")
_VALUE = re.compile(r"\d+(?:[:.,]\d+)*")
_ARTICLE = re.compile(r"^(?:the|a|an)\s+(?=\w)", re.IGNORECASE)
_DEEPEST = 50
"""Parts of one piece that `and` parts."""

_STEPS = 1_000
"""Pieces that are looked at."""


def entries(text: str, locale: str) -> list[str]:
    """Return the entries that *text* enumerates, in its order."""
    said = [each for each in sentences(text, locale) if not _order(each, locale)]
    found: list[str] = []
    for sentence in said[:_STEPS]:
        found += _of(sentence, locale, alone=len(said) == 1)
    listed = list(dict.fromkeys(each for each in found if any(map(str.isalnum, each))))
    return listed or [each.strip() for each in said if each.strip()]


def pieces(sentence: str) -> list[str]:
    """Return the pieces of *sentence* between its marks; what is in brackets stays together."""
    found: list[str] = []
    start = 0
    closed = _closed(sentence)
    for match in _SEPARATOR.finditer(sentence):
        if closed[match.start()]:
            found.append(sentence[start : match.start()])
            start = match.end()
    found.append(sentence[start:])
    return [each.strip() for each in found if each.strip(_MARKS)]


def correction(piece: str, locale: str) -> str | None:
    """Return what *piece* puts in the place of what was said before it; None if it does not."""
    found = _pattern(locale, "corrections", starts=True).match(piece)
    if found is None or not (piece[found.end() :].strip(_MARKS) or found[0]):
        return None
    alone = found[0].strip(_MARKS).casefold() in words.phrases(locale, "forms.toml")["alone"]
    if alone and not (found[0] == piece or piece[found.end() :][:1].isdigit()):
        return None
    return piece[found.end() :].strip(_MARKS)


def corrected(old: str, new: str) -> str:
    """Return *old* with *new* in its place: for a figure, the last figure alone is replaced."""
    figure = _VALUE.match(new)
    last = next(reversed(list(_VALUE.finditer(old))), None)
    if figure is None or last is None:
        return new
    return old[: last.start()] + new + ("" if len(new) > figure.end() else old[last.end() :])


def starts(piece: str, locale: str, name: str) -> bool:
    """Whether *piece* starts with a phrase of the list *name*."""
    return _pattern(locale, name, starts=True).match(piece) is not None


def ends(piece: str, locale: str, name: str) -> bool:
    """Whether *piece* ends with a phrase of the list *name*."""
    return _pattern(locale, name, starts=False).search(piece) is not None


def without_start(piece: str, locale: str, name: str) -> str:
    """Return *piece* without a phrase of the list *name* at its start, unless nothing is left."""
    return _pattern(locale, name, starts=True).sub("", piece, count=1).strip(_MARKS) or piece


def _order(sentence: str, locale: str) -> bool:
    """Whether *sentence* orders the machine about."""
    lower = sentence.casefold()
    return ordered(sentence, locale) or any(
        each in lower for each in words.phrases(locale, "forms.toml")["orders"]
    )


def _of(sentence: str, locale: str, *, alone: bool) -> list[str]:
    """Return the entries of one sentence."""
    bare = _BULLET.sub("", sentence)
    found = pieces(_COLON.sub("", bare) if _enumerates(bare) else bare)
    found = _settled(found, locale)
    many = len(found) > 1
    steps = _steps(found, locale)
    found = [each for each in found if not _out(each, locale, steps=steps)]
    found = found if steps and locale != "en" else _parted(found, locale)
    if len(found) < 2 and not alone and starts(bare, locale, "chatter"):
        return []
    kept = []
    for each in found:
        if _out(each, locale, steps=steps):
            continue
        entry = without_start(each, locale, "starts")
        if entry.strip(_MARKS).casefold() in words.phrases(locale, "forms.toml")["starts"]:
            continue
        entry = (entry if steps or not (many or len(found) > 1) else _head(entry, locale)).strip(
            _MARKS
        )
        kept.append(_ARTICLE.sub("", entry) if locale == "en" and not steps else entry)
    return [each for each in kept if each]


def _steps(found: list[str], locale: str) -> bool:
    """Whether the pieces tell what to do, one after the other, rather than name things."""
    rest = found[1:]
    return bool(rest) and sum(starts(each, locale, "verbs") for each in rest) * 2 >= len(rest)


def _out(piece: str, locale: str, *, steps: bool) -> bool:
    """Whether *piece* is named as what does not belong to the list."""
    entry = without_start(piece, locale, "starts")
    if ends(entry, locale, "negative_ends"):
        return True
    positive = starts(entry, locale, "heads")
    return not steps and not positive and starts(entry, locale, "negative")


def _enumerates(sentence: str) -> bool:
    """Whether what stands behind a colon is more than one thing."""
    found = _COLON.match(sentence)
    return found is not None and bool(sentence[found.end() :].strip(_MARKS))


def _settled(found: list[str], locale: str) -> list[str]:
    """Return the pieces after what they correct in one another."""
    kept: list[str] = []
    waits = False
    for piece in found:
        new = correction(piece, locale) if kept else None
        if waits or new:
            told = new if new else piece
            head, entry = _headed(kept[-1], locale)
            kept[-1] = head + corrected(entry, _head(told, locale))
            waits = False
        elif new is not None:
            waits = True
        else:
            kept.append(piece)
    return kept


def _headed(piece: str, locale: str) -> tuple[str, str]:
    """Return what announces a list before its first entry, and the entry."""
    entry = _head(piece, locale)
    return piece[: len(piece) - len(entry)] if piece.endswith(entry) else "", entry


def _head(piece: str, locale: str) -> str:
    """Return *piece* without what announces a list: `For the trip pack`."""
    found = next(reversed(list(_announcing(locale).finditer(piece))), None)
    return piece[found.end() :].strip(_MARKS) or piece if found else piece


def _joined(found: list[str], locale: str, deep: int = 0) -> list[str]:
    """Return the pieces, the last one parted at its `and`, if no mark stands before that."""
    if not found or starts(found[-1], locale, "starts"):
        return found
    last = found[-1]
    closed = _closed(last)
    for word in words.phrases(locale, "forms.toml")["joins"]:
        at = last.rfind(word)
        rest = last[at + len(word) :].strip(_MARKS)
        if at > 0 and closed[at] and rest and not starts(rest, locale, "negative"):
            before = last[:at]
            alone = len(found) == 1 and deep < _DEEPEST
            more = _joined([before], locale, deep + 1) if alone else [before]
            return [*found[:-1], *more, rest]
    return found


def _parted(found: list[str], locale: str) -> list[str]:
    """Return the pieces, parted at an `and`: at the last alone, in Chinese wherever one announces."""
    if locale == "en" or len(found) < 2:
        return _joined(found, locale)
    parted: list[str] = []
    for piece in found[:-1]:
        announced = _head(piece, locale) != piece
        parted += _joined([piece], locale) if announced else [piece]
    return [*parted, *_joined(found[-1:], locale)]


def _closed(text: str) -> list[bool]:
    """Return for each letter of *text* whether it stands outside of brackets."""
    depth = 0
    found = []
    for letter in text:
        if letter in _CLOSES and depth:
            depth -= 1
        found.append(depth == 0)
        if letter in _OPENS:
            depth += 1
    return found


@cache
def _announcing(locale: str) -> re.Pattern[str]:
    """Return a pattern of what announces a list, in English anywhere in a piece."""
    either = _either(locale, "heads")
    if locale == "en":
        return re.compile(rf"(?:^|(?<=\s))(?:{either})(?:\s|:)\s*(?=\S)", re.IGNORECASE)
    return re.compile(rf"^(?:.{{0,10}}?)(?:{either})(?=.)")


@cache
def _pattern(locale: str, name: str, *, starts: bool) -> re.Pattern[str]:
    """Return a pattern of the phrases of a list at one end of a piece."""
    either = _either(locale, name)
    if starts:
        return re.compile(rf"^(?:{either})" + (r"\b[\s,:]*" if locale == "en" else ""), re.I)
    return re.compile((r"\b" if locale == "en" else "") + rf"(?:{either})[\s.!。！]*$", re.I)


def _either(locale: str, name: str) -> str:
    every = sorted(words.phrases(locale, "forms.toml")[name], key=lambda each: (-len(each), each))
    return "|".join(map(re.escape, every))
