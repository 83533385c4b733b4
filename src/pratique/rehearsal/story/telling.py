"""Telling: each step of the story with what had to come of it and what came."""

from collections.abc import Callable, Mapping
from datetime import date

import msgspec

from pratique.errors import Unavailable
from pratique.store.figures import Value

Said = str | int | float | None
"""A figure or a name that a step's sentence needs."""


class Step(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One thing that the story shows."""

    id: str
    """Name of the step; the words of it stand in `content/story/words.toml`."""
    chapter: str
    """Chapter that it belongs to."""
    day: date
    """Day on which it happens, in simulated time."""
    figures: Mapping[str, Said]
    """What was seen, by name."""
    expected: str
    """What had to come of it."""
    observed: str
    """What came of it."""
    command: str
    """The command that shows it; empty where a device asked or the world changed."""

    @property
    def ok(self) -> bool:
        """Whether they agree."""
        return self.expected == self.observed


class Cited(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A figure that the story tells, named as `pratique verify --figures` names it."""

    about: str
    """What it is about."""
    name: str
    """Which figure of it."""
    value: Value
    """What the story says."""


class Telling:
    """The steps so far, and the figures in them."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say
        self.chapter = ""
        self.steps: list[Step] = []
        self.cited: list[Cited] = []

    def begin(self, chapter: str) -> None:
        """Begin a chapter."""
        self.chapter = chapter
        self._say(chapter)

    def see(
        self,
        name: str,
        day: date,
        expected: str,
        observed: str,
        command: str = "",
        **figures: Said,
    ) -> bool:
        """Note a step; say whether it went as it had to."""
        step = Step(
            id=name,
            chapter=self.chapter,
            day=day,
            figures=figures,
            expected=expected,
            observed=observed,
            command=command,
        )
        self.steps.append(step)
        mark = "✓" if step.ok else "✗"
        told = ", ".join(f"{key} {value}" for key, value in figures.items())
        but = "" if step.ok else f" (expected {expected})"
        self._say(f"  {mark} {day} {name}: {observed}{but}{': ' if told else ''}{told}")
        return step.ok

    def cite(self, about: str, figures: Mapping[str, Value]) -> None:
        """Note figures that the story tells about something, to be made again at its end."""
        known = set(self.cited)
        told = (Cited(about=about, name=name, value=value) for name, value in figures.items())
        self.cited += [one for one in told if one not in known]

    def need(self, ok: bool) -> None:
        """End the story where the next step cannot follow.

        Raises:
            Unavailable: *ok* is false.
        """
        if not ok:
            last = self.steps[-1]
            raise Unavailable(
                f"the story cannot go on: `{last.id}` came to {last.observed}, not {last.expected}",
                hint="the workspace is left as it is: look with `pratique status`",
            )
