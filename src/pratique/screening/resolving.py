"""From finds to hits: allow phrases cancel, parts of an `all_of` come together."""

from collections.abc import Sequence
from typing import NamedTuple

from pratique.screening.entries import SIGNALS, Entry, Side, View
from pratique.screening.verdict import Hit


class Find(NamedTuple):
    """A phrase or pattern that was found."""

    start: int
    """First code point in the original."""
    end: int
    """First code point after it."""
    entry: Entry
    """The entry."""
    view: View
    """How it was found."""
    part: int
    """Which part of an `all_of`; -1 where it stands alone."""
    covers: str | None
    """For an allow phrase: the rule that it cancels, empty for all; None for any other find."""


class Context(NamedTuple):
    """Where a text is screened."""

    side: Side
    """Whose words they are."""
    feature: str = ""
    """Name of the feature; empty where none is known, and every entry counts."""
    locale: str = ""
    """Locale; empty where none is known."""


class Resolver:
    """Turns finds into hits, in order of their start; a stream keeps one."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self._covers: list[Find] = []
        self._parts: dict[str, dict[int, Find]] = {}

    def hits(self, finds: Sequence[Find]) -> list[Hit]:
        """Return the hits of *finds*, which start after all that were given before."""
        side, feature, locale = self.context
        counted = sorted(
            (find for find in finds if find.entry.applies(side, feature, locale)),
            key=lambda find: (find.start, find.end, find.entry.id, find.part, find.view),
        )
        self._covers = [find for find in self._covers if not counted or find.end > counted[0].start]
        self._covers += [find for find in counted if find.covers is not None]
        hits: list[Hit] = []
        for find in counted:
            if find.covers is not None or self._covered(find):
                continue
            if find.part < 0:
                hits.append(_hit(find, find.start, find.end))
            else:
                hits += self._together(find)
        return sorted(set(hits))

    def _covered(self, find: Find) -> bool:
        return any(
            cover.start <= find.start
            and find.end <= cover.end
            and cover.covers in ("", find.entry.id)
            for cover in self._covers
        )

    def _together(self, find: Find) -> list[Hit]:
        """Return the hit that *find* completes, if it completes one."""
        entry = find.entry
        latest = self._parts.setdefault(entry.id, {})
        latest[find.part] = find
        start = min(part.start for part in latest.values())
        end = max(part.end for part in latest.values())
        if len(latest) <= len(entry.all_of) or end - start > entry.within:
            return []
        return [_hit(find._replace(view="all_of"), start, end)]


def _hit(find: Find, start: int, end: int) -> Hit:
    entry = find.entry
    weak = entry.tier == "weak" or find.view in SIGNALS
    return Hit(
        anchor=find.start,
        start=start,
        end=end,
        rule=entry.id,
        view=find.view,
        tier="weak" if weak else "hard",
        action="flag" if weak else entry.effective,
        risk=entry.risk,
    )
