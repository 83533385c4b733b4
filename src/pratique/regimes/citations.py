"""Citations: where a rule or a number was found, and how far it may be trusted."""

from collections.abc import Iterator
from typing import Literal

import msgspec

Confidence = Literal["seen", "secondary", "general_knowledge", "inferred"]
"""How a fact came to us.

`seen`: the official words were quoted where it was found. `secondary`: somebody reports it.
`general_knowledge`: known to people in the field, no source at hand. `inferred`: ours.
"""

Unit = Literal[
    "items",
    "share",
    "days",
    "months",
    "seconds",
    "characters",
    "words",
    "tokens",
    "characters_per_minute",
    "times",
    "clicks",
    "people",
    "aspects",
]


class Bilingual(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One sentence in both languages that a reader of a filing may want."""

    zh: str
    """Simplified Chinese."""
    en: str
    """English."""


class Cited(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Something that stands in a document of the market."""

    clause_ref: str
    """Document and clause, as far as known."""
    source: str
    """Short name of where it was found."""
    confidence: Confidence
    """How far it may be trusted."""
    verified_against_text: bool
    """Whether somebody has read it in the official text itself."""


class Number(Cited, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A number that a market asks for, or that follows from one."""

    value: int | float
    """The number."""
    unit: Unit
    """What it counts; a `share` runs from 0 to 1."""


def numbers_in(record: object, place: str = "") -> Iterator[tuple[str, Number]]:
    """Yield every number in *record* and below it, each with its place such as `banks[0].total`."""
    if isinstance(record, Number):
        yield place, record
    elif isinstance(record, msgspec.Struct):
        for name in record.__struct_fields__:
            yield from numbers_in(getattr(record, name), f"{place}.{name}" if place else name)
    elif isinstance(record, tuple):
        for index, one in enumerate(record):
            yield from numbers_in(one, f"{place}[{index}]")
    elif isinstance(record, dict):
        for name, one in record.items():
            yield from numbers_in(one, f"{place}.{name}")
