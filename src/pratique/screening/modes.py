"""Modes of judging beside a stream: how far text may be shown before its verdict is in.

`strict` shows nothing past the last verdict, `lead` at most so many characters past it, `async`
shows at once and takes back. Offsets count characters of the answer.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

import msgspec

from pratique.screening.safeguard import LEVELS, Level

Mode = Literal["strict", "lead", "async"]
"""How far the shown text may run ahead of the verdicts."""


class Policy(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How one risk is held."""

    mode: Mode = "strict"
    """How far the shown text may run ahead."""
    lead: int = 0
    """With `lead`, most characters past the last verdict."""
    on_timeout: Literal["closed", "open"] = "closed"
    """Without a verdict: stop, or go on and flag it."""
    level: Level = "unsafe"
    """Least level that counts."""


@dataclass(frozen=True, slots=True)
class Step:
    """What is to be done now."""

    release: int
    """Text may be shown up to here, exclusive."""
    stop: bool = False
    """Whether the stream ends here, with a stock answer."""
    retract: bool = False
    """Whether text that no verdict covers was shown, so that the client must take it back."""
    flags: tuple[str, ...] = ()
    """What is to be noted: `timeout`, or risks that did not stop it."""


class Course:
    """One judge beside one stream.

    Holds offsets only. Verdicts may come in any order: what was judged counts up to the first gap.
    """

    def __init__(self, policies: Iterable[Policy]) -> None:
        self._policies = tuple(policies) or (Policy(),)
        self._arrived = self._judged = self._released = 0
        self._early: dict[int, int] = {}
        self._over = False

    @property
    def judged(self) -> int:
        """Everything before this offset has a verdict that lets it through."""
        return self._judged

    @property
    def released(self) -> int:
        """Everything before this offset may have been shown."""
        return self._released

    @property
    def over(self) -> bool:
        """Whether the stream was stopped."""
        return self._over

    def arrived(self, characters: int) -> Step:
        """Take note that *characters* more are here and past every other check."""
        self._arrived += characters
        return self._step()

    def clean(self, fresh: int, end: int) -> Step:
        """Take note that the text from *fresh* to *end* may be shown."""
        self._early[fresh] = max(end, self._early.get(fresh, 0))
        for start in sorted(self._early):
            if start > self._judged:
                break
            self._judged = max(self._judged, min(self._early.pop(start), self._arrived))
        return self._step()

    def hit(self) -> Step:
        """Take note of a verdict that stops the stream."""
        return self._stopped(())

    def silent(self, fresh: int, end: int) -> Step:
        """Take note that no verdict came for the text from *fresh* to *end*."""
        if any(one.on_timeout == "closed" for one in self._policies):
            return self._stopped(("timeout",))
        step = self.clean(fresh, end)
        return Step(step.release, stop=step.stop, flags=("timeout",))

    def _stopped(self, flags: tuple[str, ...]) -> Step:
        first, self._over = not self._over, True
        return Step(self._released, True, first and self._released > self._judged, flags)

    def _step(self) -> Step:
        if not self._over:
            self._released = max(self._released, self._limit())
        return Step(self._released, stop=self._over)

    def _limit(self) -> int:
        """Return how far the strictest of the policies lets text go."""
        ahead = {"strict": 0, "async": self._arrived}
        furthest = min(self._judged + ahead.get(one.mode, one.lead) for one in self._policies)
        return min(furthest, self._arrived)


def counts(
    policies: Mapping[str, Policy],
    otherwise: Policy,
    level: Level | None,
    categories: Iterable[str],
) -> bool:
    """Say whether a verdict stops: its level is reached in one of its *categories*.

    A verdict that names no category is held to *otherwise*.
    """
    if level is None:
        return False
    named = [policies.get(one, otherwise) for one in categories] or [otherwise]
    return level != "safe" and any(LEVELS.index(level) >= LEVELS.index(one.level) for one in named)
