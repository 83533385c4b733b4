"""Text from a user's world that may speak to the model: cleaned, marked as data, and looked at.

A sender is the attacker here and the user the victim, so a hit degrades (the original is shown) and
never blocks. Nothing of this is a wall; the check of the answer is (`pratique.text.founded`).
"""

import base64
import binascii
import re
import secrets
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Literal

import msgspec
from daachorse import CharwiseDoubleArrayAhoCorasick

from pratique.errors import Malformed
from pratique.settings.toml import read_toml
from pratique.text.scripts import encodable, letter_by_letter
from pratique.text.spans import compatible

FILE = Path(str(files("pratique") / "content" / "texts" / "injection.toml"))

Kind = Literal["tags", "bidi", "zero_width", "control", "role_token", "encoding"]
"""What cleaning takes out."""

MIN_ENCODED = 24
"""Fewer characters of an encoding hold no instruction worth the name."""

_FLAGS = ("gbeng", "gbsct", "gbwls")
"""Flags that are written in tags and are no hidden text: England, Scotland, Wales."""


class Rule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Something that gives away a text that speaks to a model."""

    id: str
    """Short and stable: it stands in records in place of the text."""
    about: str
    """What it finds, in one sentence."""
    signs: tuple[str, ...]
    """Pieces of folded text: whatever a pattern finds holds one of them."""
    patterns: tuple[str, ...]
    """Regular expressions over the folded text; any of them is enough."""


class _Rules(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A text without what no reader sees."""

    text: str
    """What is left."""
    removed: Mapping[Kind, int]
    """How many characters of each kind, or of tokens and encodings how many runs, were taken out."""
    hidden: str
    """What stood in tags, for the rules alone; never shown and never sent."""


@dataclass(frozen=True, slots=True)
class Suspicion:
    """What the rules make of a text."""

    rules: tuple[str, ...]
    """Ids of the rules that found something, in the file's order."""
    visible: str
    """The text without the sentences in which they did: what an answer may draw on."""


def cleaned(text: str) -> Cleaned:
    """Return *text* without tags, marks of direction, invisible characters, controls, role tokens
    and long encodings. Joiners stay inside emoji and in scripts that write with them.
    """
    removed: Counter[Kind] = Counter()
    hidden: list[str] = []
    if _taken_out().search(text):
        text = _flags().sub(lambda match: match[0].translate(_to_private()), text)
        kept = [
            each
            for at, each in enumerate(text)
            if (kind := _kind(text, at)) is None or _noted(each, kind, removed, hidden)
        ]
        text = "".join(kept).translate(_from_private())
    if _role_sign().search(text):
        text, removed["role_token"] = _role_token().subn(" ", text)
    text = _encoded().sub(lambda match: _kept(match, removed), text)
    return Cleaned(text, {kind: many for kind, many in removed.items() if many}, "".join(hidden))


def mark() -> str:
    """Return a delimiter that nobody can guess: 16 hexadecimal digits, new for each request."""
    return secrets.token_hex(8)


def marked(text: str, mark: str) -> str:
    """Return *text* between lines that name *mark*, so that it is told apart as data.

    A line that names it already would be one of ours, so it is broken up.
    """
    return f"<data-{mark}>\n{text.replace(mark, mark[:4] + ' ' + mark[4:])}\n</data-{mark}>"


def suspicion(text: str) -> Suspicion:
    """Return what the rules find in *text*, as it came or cleaned."""
    clean = cleaned(text)
    found = list(_found(_folded(clean.text)))
    if clean.removed.get("role_token"):
        found.append("role_token")
    if _visible(clean.hidden):
        found.append("hidden_text")
    if not found:
        return Suspicion((), clean.text)
    kept = (one for one in _sentence().findall(clean.text) if not any(_found(_folded(one))))
    return Suspicion(tuple(found), "".join(kept))


@cache
def rules() -> tuple[Rule, ...]:
    """Return the rules, in the file's order.

    Raises:
        Malformed: an id stands twice, or a pattern is none.
    """
    found = read_toml(FILE, _Rules).rules
    for at, rule in enumerate(found):
        if rule.id in {one.id for one in found[:at]}:
            raise Malformed(f"rule `{rule.id}` stands twice", path=FILE)
        try:
            re.compile("|".join(rule.patterns))
        except re.error as error:
            raise Malformed(f"rule `{rule.id}` has no pattern: {error}", path=FILE) from None
    return found


def _found(folded: str) -> list[str]:
    signs, names = _signs()
    # Nearly every text holds no sign, and needs none of the patterns.
    likely = {
        name for *_, sign in signs.find_overlapping(encodable(folded)) for name in names[sign]
    }
    if not likely:
        return []
    return [name for name, pattern in _patterns() if name in likely and pattern.search(folded)]


@cache
def _signs() -> tuple[CharwiseDoubleArrayAhoCorasick, tuple[tuple[str, ...], ...]]:
    """Return what finds all signs in one pass, and of each the ids of its rules."""
    names: dict[str, tuple[str, ...]] = {}
    for rule in rules():
        for sign in rule.signs:
            names[sign] = (*names.get(sign, ()), rule.id)
    return CharwiseDoubleArrayAhoCorasick(list(names)), tuple(names.values())


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((one.id, re.compile("|".join(one.patterns), re.MULTILINE)) for one in rules())


def _folded(text: str) -> str:
    return letter_by_letter(compatible(text).casefold(), "zh-Hans")


def _noted(each: str, kind: Kind, removed: "Counter[Kind]", hidden: list[str]) -> bool:
    """Count what is taken out; say that it is not kept."""
    removed[kind] += 1
    if kind == "tags" and 0xE0020 <= ord(each) < 0xE007F:
        hidden.append(chr(ord(each) - 0xE0000))
    return False


def _kind(text: str, at: int) -> Kind | None:
    """Return what the character at *at* is taken out as; None where it stays."""
    code = ord(text[at])
    if code < 0x80:
        return "control" if code == 0x7F or (code < 0x20 and code not in (9, 10, 13)) else None
    if 0xE0000 <= code <= 0xE007F or 0xE0100 <= code <= 0xE01EF:
        return "tags"
    if code in (0x061C, 0x200E, 0x200F) or 0x202A <= code <= 0x202E or 0x2066 <= code <= 0x2069:
        return "bidi"
    if code in (0x200C, 0x200D):
        return None if _joins(text, at) else "zero_width"
    if code in (0xFE0E, 0xFE0F):
        return None if at and _is_symbol(text[at - 1]) else "zero_width"
    if text[at] in _ZERO_WIDTH or 0xFE00 <= code <= 0xFE0D:
        return "zero_width"
    return "control" if 0x80 <= code < 0xA0 else None


_ZERO_WIDTH = frozenset(
    chr(each)
    for each in (
        *(0x00AD, 0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x180E, 0x200B, 0x3164, 0xFEFF, 0xFFA0),
        *range(0x2060, 0x2065),
        *range(0x206A, 0x2070),
    )
)


def _joins(text: str, at: int) -> bool:
    """Say whether the joiner at *at* is part of an emoji, or of a script that needs it."""
    before = text[:at].rstrip("\ufe0f\U0001f3fb\U0001f3fc\U0001f3fd\U0001f3fe\U0001f3ff")[-1:]
    after = text[at + 1 : at + 2]
    if not before or not after:
        return False
    if text[at] == "\u200d" and _is_symbol(before) and _is_symbol(after):
        return True
    return all(
        0x0590 <= ord(each) < 0x1100 or 0x1780 <= ord(each) < 0x17B4 for each in before + after
    )


def _is_symbol(each: str) -> bool:
    return ord(each) >= 0x1F000 or each in "#*0123456789©®‼⁉™ℹ" or 0x2190 <= ord(each) <= 0x3299


def _visible(hidden: str) -> bool:
    return any(each.isalnum() for each in hidden)


def _kept(match: re.Match[str], removed: "Counter[Kind]") -> str:
    """Return a run of an alphabet of encodings as it is where it is none, else nothing."""
    run = match[0]
    if not _is_encoding(run):
        return run
    removed["encoding"] += 1
    return " "


def _is_encoding(run: str) -> bool:
    """Say whether *run* decodes to text, or is too long and too mixed to be a code for people."""
    if len(set(run)) < 8 or run.isdecimal():
        return False
    mixed = any(each.islower() for each in run) and any(each.isupper() for each in run)
    try:
        data = base64.b64decode(run.translate(_url_safe()) + "=" * (-len(run) % 4), validate=True)
    except (binascii.Error, ValueError):
        return False
    if mixed and _is_text(data):
        return True
    try:
        return _is_text(bytes.fromhex(run))
    except ValueError:
        return mixed and len(run) >= 64


def _is_text(data: bytes) -> bool:
    try:
        return len(data) > 8 and data.decode("utf-8").replace("\n", " ").isprintable()
    except UnicodeDecodeError:
        return False


@cache
def _url_safe() -> dict[int, str]:
    return {ord("-"): "+", ord("_"): "/"}


@cache
def _encoded() -> re.Pattern[str]:
    # What stands in an address belongs to it, and is checked as an address.
    return re.compile(
        rf"(?<![\w/+=.:?&%-])[A-Za-z0-9+/_-]{{{MIN_ENCODED},}}={{0,2}}(?![A-Za-z0-9+/=_.-])"
    )


@cache
def _role_token() -> re.Pattern[str]:
    """Return the pattern of what chat templates write around turns, in the usual families."""
    names = "system|assistant|user|human|im_start|im_end|inst|instructions?|prompt|endoftext|tool"
    return re.compile(
        r"<\|[^|<>\n]{1,40}\|>|<｜[^｜<>\n]{1,40}｜>"
        r"|\[/?INST\]|<</?SYS>>|</?s>|<(?:start|end)_of_turn>"
        rf"|</?(?:{names})>|</?(?:内容|系统|指令|用户|助手|资料|内容|系統|用戶|資料)>"
        r"|</?data-[0-9a-f]{4,}>"
        r"|^[#=*-]{2,}\s*(?:system|assistant|instructions?|系统|系統|指令)\s*[:：]?\s*[#=*-]*$",
        re.IGNORECASE | re.MULTILINE,
    )


@cache
def _role_sign() -> re.Pattern[str]:
    """Return the pattern of a character that every one of those has."""
    return re.compile("[<[#=*-]")


@cache
def _sentence() -> re.Pattern[str]:
    # A Western mark ends a sentence before a space alone: `![` opens a picture.
    return re.compile(r"(?:[^。！？!?；\n]|[!?](?!\s|$))*(?:[。！？；\n]+|[!?]+(?=\s|$)|$)")


@cache
def _taken_out() -> re.Pattern[str]:
    """Return the pattern of every character that may be taken out: few texts hold one."""
    ranges = (
        "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200c-\u200f\u202a-\u202e\u2066-\u2069\ufe00-\ufe0f"
        "\U000e0000-\U000e007f\U000e0100-\U000e01ef"
    )
    return re.compile(f"[{ranges}{''.join(sorted(_ZERO_WIDTH))}]")


@cache
def _flags() -> re.Pattern[str]:
    tags = "|".join("".join(chr(0xE0000 + ord(each)) for each in name) for name in _FLAGS)
    return re.compile(f"(?<=\U0001f3f4)(?:{tags})\U000e007f")


_PRIVATE = 0xF0000
"""Where the tags of a flag wait meanwhile: a plane that no text uses."""


@cache
def _to_private() -> dict[int, int]:
    return {code: code - 0xE0000 + _PRIVATE for code in range(0xE0020, 0xE0080)}


@cache
def _from_private() -> dict[int, int]:
    return {new: old for old, new in _to_private().items()}
