"""Two versions of a pack side by side: what comes in, and what screening would lose."""

from collections.abc import Iterable

import msgspec

from pratique.screening.entries import Entry


class Comparison(msgspec.Struct, frozen=True, kw_only=True):
    """What a new version changes."""

    added: tuple[str, ...]
    """Ids of entries that the old version has not, as they are now."""
    removed: tuple[str, ...]
    """Ids of entries of the old version that the new one has not, as they were."""
    allowed: tuple[str, ...]
    """Ids of new entries that let something through."""

    @property
    def loosens(self) -> bool:
        """Whether something that was stopped may pass: a removal, a change or an allow phrase."""
        return bool(self.removed or self.allowed)


def compare(old: Iterable[Entry], new: Iterable[Entry]) -> Comparison:
    """Return what *new* changes.

    An entry counts by what it does: another id or note is no change, and every other change is a
    removal and an addition, since what a phrase lets through cannot be told from its fields.
    """
    before = {_doing(entry): entry.id for entry in old}
    after = {_doing(entry): entry for entry in new}
    added = {doing: entry for doing, entry in after.items() if doing not in before}
    return Comparison(
        added=tuple(sorted(entry.id for entry in added.values())),
        removed=tuple(
            sorted(
                id for doing, id in before.items() if doing not in after and doing.action != "allow"
            )
        ),
        allowed=tuple(sorted(entry.id for entry in added.values() if entry.action == "allow")),
    )


def _doing(entry: Entry) -> Entry:
    return msgspec.structs.replace(entry, id="", note="")
