"""Made again: each figure of the story beside what `pratique verify --figures` makes of what was kept."""

import re
from collections.abc import Mapping, Sequence

import msgspec

from pratique.rehearsal.story.telling import Cited
from pratique.store.figures import Value, same

_KIND = re.compile(r"[a-z]+")


class Again(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One figure, twice."""

    about: str
    """What it is about."""
    name: str
    """Which figure of it."""
    told: Value
    """What the story says."""
    kinds: tuple[str, ...]
    """Kinds of records that give the same: `assessment`, `forecast`, `probe`, `evaluation`, …"""

    @property
    def ok(self) -> bool:
        """Whether any record gives the same."""
        return bool(self.kinds)


class _Figure(msgspec.Struct, frozen=True, kw_only=True):
    record: str
    about: str
    name: str
    value: Value


def beside(cited: Sequence[Cited], document: Mapping[str, object]) -> tuple[Again, ...]:
    """Return every figure that was *cited* beside those of the *document* that `verify` printed."""
    made: dict[tuple[str, str], list[_Figure]] = {}
    for one in msgspec.convert(document["figures"], tuple[_Figure, ...]):
        made.setdefault((one.about, one.name), []).append(one)
    return tuple(_again(one, made.get((one.about, one.name), ())) for one in cited)


def _again(one: Cited, made: Sequence[_Figure]) -> Again:
    kinds = {_KIND.findall(each.record)[0] for each in made if same(one.value, each.value)}
    return Again(about=one.about, name=one.name, told=one.value, kinds=tuple(sorted(kinds)))
