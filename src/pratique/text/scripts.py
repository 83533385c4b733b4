"""Simplified and Traditional Chinese: which of the two a text is in, and from one to the other.

The tables are OpenCC's. A character belongs to one script only if OpenCC changes it and the other
script's national character set lacks it, so that 后, 里, 乾 or 喆 say nothing.
"""

import re
from functools import cache
from typing import Literal

from opencc import OpenCC

Script = Literal["Hans", "Hant"]
Target = Literal["zh-Hans", "zh-Hant"]

_BLOCKS = (range(0x3400, 0x4DC0), range(0x4E00, 0xA000))

_NAME_CHARACTERS = frozenset("昇陞甯堃邨犇龢迺甦崑峯")
"""Of the other script by the tables, yet kept in names everywhere."""


def script(text: str) -> Script | None:
    """Return the script that *text* is in; None where nothing tells or both tell alike."""
    characters = set(text)
    simplified = len(characters & _only("Hans"))
    traditional = len(characters & _only("Hant"))
    if simplified == traditional:
        return None
    return "Hans" if simplified > traditional else "Hant"


def foreign_script(text: str, locale: str, source: str = "") -> str:
    """Return the characters of *text* that *locale* does not write, in order.

    One that *source* has may stand: names and quotations are not converted. A locale that names
    no script (`en`, `zh`) has no foreign one.
    """
    foreign = _foreign(locale)
    if not foreign or foreign.isdisjoint(text):
        return ""
    return "".join(each for each in text if each in foreign and each not in source)


def converted(text: str, to: Target) -> str:
    """Return *text* in the script and the words of *to*: 软件 becomes 軟體 in `zh-Hant`."""
    whole = _converter("tw2sp" if to == "zh-Hans" else "s2twp").convert(encodable(text))
    # A phrase table may keep a character of the other script; none must be left.
    return whole if _foreign(to).isdisjoint(whole) else letter_by_letter(whole, to)


def letter_by_letter(text: str, to: Target) -> str:
    """Return *text* with each character converted by itself: the length stays, the words too."""
    if text.isascii() or not _convertible(to).search(text):
        return text
    return text.translate(_letters(to))


def mostly_chinese(text: str) -> bool:
    """Say whether at least a quarter of *text* is Chinese, told by its size: an estimate, but fast.

    A Chinese character is three bytes long; counting them one by one takes ten times as long.
    """
    if text.isascii() or (len(text.encode("utf-8", "replace")) - len(text)) * 2 < len(text):
        return False
    return _han().search(text) is not None


def encodable(text: str) -> str:
    """Return *text* without lone surrogates, which no encoding can carry to the converter."""
    return text.encode("utf-8", "replace").decode("utf-8")


@cache
def _han() -> re.Pattern[str]:
    return re.compile("[\u3400-\u4dbf\u4e00-\u9fff]")


@cache
def _converter(config: str) -> OpenCC:
    return OpenCC(config)


@cache
def _letters(to: str) -> dict[int, str]:
    """Map each character that changes on the way to *to*; only such as stay one character."""
    characters = [chr(code) for block in _BLOCKS for code in block]
    # One a line: no two of them are read as a phrase.
    changed = _converter("t2s" if to == "zh-Hans" else "s2t").convert("\n".join(characters))
    pairs = zip(characters, changed.split("\n"), strict=True)
    return {ord(old): new for old, new in pairs if new != old and len(new) == 1}


@cache
def _convertible(to: Target) -> re.Pattern[str]:
    return re.compile(f"[{''.join(map(chr, _letters(to)))}]")


@cache
def _only(which: Script) -> frozenset[str]:
    to, home, abroad = {
        "Hans": ("zh-Hant", "gb2312", "big5"),
        "Hant": ("zh-Hans", "big5hkscs", "gb2312"),
    }[which]
    letters = _letters(to)
    # What a conversion makes belongs to the script that it converts to (薴 becomes 苧).
    kept = _NAME_CHARACTERS.union(letters.values())
    changing = frozenset(map(chr, letters)) - kept
    return frozenset(each for each in changing if _in(each, home) and not _in(each, abroad))


def _foreign(locale: str) -> frozenset[str]:
    if locale == "zh-Hans":
        return _only("Hant")
    return _only("Hans") if locale == "zh-Hant" else frozenset()


def _in(character: str, charset: str) -> bool:
    try:
        character.encode(charset)
    except UnicodeEncodeError:
        return False
    return True
