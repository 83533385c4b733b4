"""What was read off a picture, made ready: misread figures mended, orders to a machine left out."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from pratique.partners.rules import words
from pratique.partners.rules.album_names import low
from pratique.text.scripts import letter_by_letter

LONGEST = 8_000
"""Characters of a picture that are read."""

_FIGURES = re.compile(
    r"(?<![A-Za-z0-9])(?:[0-9OolI|]+(?:[:：./\-,][0-9OolI|]+)+|[0-9OolI|]*[0-9][0-9OolI|]*)"
    r"(?=(?:st|nd|rd|th|am|pm|a\.m|p\.m|AM|PM|A|B|C|D|E|F|h)?(?![A-Za-z]))"
)
_LETTERS_ONLY = re.compile(
    r"(?<![A-Za-z0-9])[OolI|]{1,2}(?=\s*(?:[ap]\.?m\b|[AP]M\b|[月日号點点]|(?:st|nd|rd|th)\b))"
)
_DAY_SIGN = re.compile(r"(?<=[0-9〇一二三四五六七八九十周期拜週曜])曰|曰(?=[)）])")
_ONE_AS_DASH = re.compile(
    r"(?<=[0-9:点时點時半日号])\s?一\s?(?=(?:[上下]午)?[0-9]{1,2}[:点时點時月日])"
)
_MENDS = str.maketrans({"O": "0", "o": "0", "l": "1", "I": "1", "|": "1"})


@dataclass(frozen=True, slots=True)
class PosterLine:
    """One line of a picture, in three readings of the same length."""

    written: str
    """As it was read, with figures mended."""

    read: str
    """In simplified characters."""

    low: str
    """The same in lower case."""


def poster_lines(text: str, language: str) -> list[PosterLine]:
    """Return the lines of *text* that say something to people."""
    lines: list[PosterLine] = []
    for raw in text[:LONGEST].splitlines():
        written = mended(_folded(raw)).rstrip()
        read = letter_by_letter(written, "zh-Hans")
        line = PosterLine(written, read, low(read))
        if written.strip() and not _ordering(line.low, language):
            lines.append(line)
    return lines


def _folded(text: str) -> str:
    """Return *text* with full-width forms made plain, each in its place."""
    if text.isascii():
        return text
    plain = (unicodedata.normalize("NFKC", each) for each in text)
    return "".join(
        new if len(new) == 1 and new.isprintable() else old
        for old, new in zip(text, plain, strict=True)
    )


def mended(text: str) -> str:
    """Return *text* with letters read for figures set right where only one reading is possible."""
    text = _FIGURES.sub(_mend, text)
    text = _LETTERS_ONLY.sub(lambda match: match[0].translate(_MENDS), text)
    text = _DAY_SIGN.sub("日", text)
    return _ONE_AS_DASH.sub(lambda match: match[0].replace("一", "-"), text)


def _mend(match: re.Match[str]) -> str:
    word = match[0]
    if not any(each.isdigit() for each in word) and not re.search(r"[:：]", word):
        return word
    return word.translate(_MENDS)


def _ordering(read: str, language: str) -> bool:
    return has(read, "orders", language)


def has(read: str, key: str, language: str) -> bool:
    """Say whether *read*, in lower case, has one of the words of list *key*."""
    return pattern(key, language).search(read) is not None


def matches(read: str, key: str, language: str) -> Iterator[re.Match[str]]:
    """Yield where *read* has the words of list *key*."""
    return pattern(key, language).finditer(read)


@cache
def pattern(key: str, language: str) -> re.Pattern[str]:
    """Return a pattern of list *key*; both languages' in Chinese, which mixes them."""
    spelt = list(words.phrases("en", "events.toml")[key])
    if language == "zh":
        spelt += words.phrases("zh-Hans", "events.toml")[key]
    return any_of(tuple(spelt))


@cache
def any_of(spelt: tuple[str, ...]) -> re.Pattern[str]:
    """Return a pattern of any of these words, those in Latin letters whole."""
    parts = []
    for word in sorted(spelt, key=len, reverse=True):
        before = r"(?<![a-z0-9])" if word[0].isalnum() and word[0].isascii() else ""
        behind = r"(?![a-z0-9])" if word[-1].isalnum() and word[-1].isascii() else ""
        parts.append(f"{before}{re.escape(word)}{behind}")
    return re.compile("|".join(parts) if parts else r"(?!)")


@cache
def kinds(language: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Return each category with the pattern of its words."""
    english = words.phrases("en", "event_kinds.toml")
    chinese = words.phrases("zh-Hans", "event_kinds.toml") if language == "zh" else {}
    return tuple(
        (kind, any_of(tuple(english[kind]) + tuple(chinese.get(kind, ())))) for kind in english
    )
