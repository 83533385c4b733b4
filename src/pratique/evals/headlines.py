"""False headlines: sources with their fair and their forbidden readings, generated from patterns.

A pattern states a status (a warrant, a denial, a plan) and the readings that change it. Filled
with invented names it gives as many instances as a bar needs; that each reading is fair or forbidden
is certain by the pattern.
"""

import random
import re
from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path

import msgspec

from pratique.errors import Malformed
from pratique.settings.toml import read_toml
from pratique.text.scripts import converted

EACH = 240
"""Instances of a pattern at most: with 34 patterns more than a bar of 99.9 % needs to be decided."""

_SLOT = re.compile(r"{(\w+)}")
_TRIES = 40
"""Fillings that are drawn for each instance wanted, since some repeat."""


class Pattern(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One way in which a headline goes wrong."""

    id: str
    """Name, the same in every language."""
    about: str
    """What a reader would believe that is not so."""
    sources: tuple[str, ...]
    """Templates of the source; a line break parts two notifications."""
    fair: tuple[str, ...]
    """Templates of lines that read it right."""
    forbidden: tuple[str, ...]
    """Templates of lines that change it."""


class Patterns(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The file `patterns/LOCALE.toml`."""

    slots: Mapping[str, tuple[str, ...]]
    """What each slot may be filled with: invented names, places, things."""
    pattern: tuple[Pattern, ...]
    """The patterns."""


class Instance(msgspec.Struct, frozen=True, kw_only=True):
    """One pattern, filled."""

    pattern: Pattern
    """The pattern."""
    items: tuple[str, ...]
    """Texts of the notifications."""
    fair: tuple[str, ...]
    """Lines that read them right."""
    forbidden: tuple[str, ...]
    """Lines that change a fact."""


def instances(folder: Path, locale: str, each: int = EACH) -> Iterator[Instance]:
    """Yield up to *each* different instances of every pattern in *folder*, always the same.

    Traditional Chinese is generated from the simplified patterns, with the wording of Taiwan.

    Raises:
        NotFound, Malformed: the file is missing or broken.
    """
    script = "zh-Hans" if locale == "zh-Hant" else locale
    path = folder / f"{script}.toml"
    file = read_toml(path, Patterns)
    for pattern in file.pattern:
        _require_known_slots(pattern, file.slots, path)
        yield from islice(_filled(pattern, file.slots, locale), each)


def _filled(
    pattern: Pattern, slots: Mapping[str, tuple[str, ...]], locale: str
) -> Iterator[Instance]:
    chance = random.Random(pattern.id)  # noqa: S311  (drawing, not secrecy)
    seen: set[str] = set()
    for number in range(EACH * _TRIES):
        source = pattern.sources[number % len(pattern.sources)]
        values = _drawn(source, slots, chance)
        text = _said(source, values, locale)
        if text in seen:
            continue
        seen.add(text)
        yield Instance(
            pattern=pattern,
            items=tuple(text.split("\n")),
            fair=tuple(_said(one, values, locale) for one in pattern.fair),
            forbidden=tuple(_said(one, values, locale) for one in pattern.forbidden),
        )


def _drawn(
    source: str, slots: Mapping[str, tuple[str, ...]], chance: random.Random
) -> dict[str, str]:
    """Draw a value for each slot; `person` and `person2` are never the same."""
    values: dict[str, str] = {}
    for name in sorted(set(_SLOT.findall(source))):
        taken = set(values.values())
        values[name] = chance.choice([one for one in _values(name, slots) if one not in taken])
    return values


def _values(name: str, slots: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """Return what the slot *name* may hold: `person2` draws from `person`."""
    return slots.get(name) or slots.get(name.rstrip("0123456789"), ())


def _said(template: str, values: Mapping[str, str], locale: str) -> str:
    text = _SLOT.sub(lambda found: values[found[1]], template)
    return converted(text, "zh-Hant") if locale == "zh-Hant" else text


def _require_known_slots(
    pattern: Pattern, slots: Mapping[str, tuple[str, ...]], path: Path
) -> None:
    """Refuse a pattern with a slot that has no values, or that some source does not fill.

    Raises:
        Malformed: names the pattern and the slot.
    """
    everywhere = set.intersection(*(set(_SLOT.findall(one)) for one in pattern.sources))
    for one in (*pattern.sources, *pattern.fair, *pattern.forbidden):
        for name in _SLOT.findall(one):
            if not _values(name, slots):
                raise Malformed(f"pattern `{pattern.id}`: slot `{name}` has no values", path=path)
            if one not in pattern.sources and name not in everywhere:
                raise Malformed(
                    f"pattern `{pattern.id}`: slot `{name}` is not in every source", path=path
                )
