"""Judges of content: what screening asks of a model or a service in the role `safeguard`.

Judges are partners, and rooms on one line do not know each other: serving hands them in here.
"""

import asyncio
from collections.abc import Sequence
from typing import Literal, Protocol

import msgspec

from pratique.privacy import Sensitive
from pratique.screening.windows import cut

Role = Literal["input", "output"]
"""Whose words are judged: the user's or the model's."""

Level = Literal["safe", "controversial", "unsafe"]
"""How bad it is."""

LEVELS: tuple[Level, ...] = ("safe", "controversial", "unsafe")
"""The levels, the worst last."""


class Verdict(Protocol):
    """What a judge says of one text."""

    @property
    def status(self) -> str:
        """`ok`, or why there is no verdict: a status of the partners' closed set."""
        ...

    @property
    def level(self) -> Level | None:
        """How bad it is; None where there is no verdict. Never `safe` for lack of one."""
        ...

    @property
    def categories(self) -> tuple[str, ...]:
        """What it is about, in the words of `content/safeguards/categories.toml`."""
        ...

    @property
    def score(self) -> float | None:
        """From 0, surely harmless, to 1; None where the judge gives none."""
        ...

    @property
    def model(self) -> str:
        """Who judged."""
        ...

    @property
    def version(self) -> str:
        """What pins its behaviour."""
        ...


class Judge(Protocol):
    """A model or service that judges content. It never raises for what a partner may answer."""

    @property
    def name(self) -> str:
        """`partner/model`."""
        ...

    @property
    def languages(self) -> tuple[str, ...]:
        """Locales that it was made for; empty means any."""
        ...

    @property
    def categories(self) -> tuple[str, ...]:
        """What it can tell."""
        ...

    @property
    def window(self) -> int:
        """Most characters of one text: a longer one is cut here, never by the judge."""
        ...

    @property
    def stride(self) -> int:
        """Characters of a stream after which it is asked again."""
        ...

    async def check(
        self, text: Sensitive[str], role: Role, context: Sensitive[str], deadline: float
    ) -> Verdict:
        """Return what *text* is, within *deadline* seconds; *context* is what it answers to."""
        ...


class Judgement(msgspec.Struct, frozen=True, kw_only=True):
    """What a judge said of a whole text, window by window. Holds no content."""

    status: str
    """`ok`, or why some window has no verdict."""
    level: Level | None
    """The worst of the windows; None where one has no verdict and none is unsafe."""
    categories: tuple[str, ...]
    """All that any window is about, sorted."""
    score: float | None
    """The highest; None where the judge gives none."""
    model: str
    """Who judged."""
    version: str
    """What pins its behaviour."""
    windows: int
    """How many there were."""


async def judged(
    judge: Judge, text: Sensitive[str], role: Role, context: Sensitive[str], deadline: float
) -> Judgement:
    """Return what *judge* says of all of *text*, cut into windows that it takes.

    Windows are asked for at once. One that got no answer in time makes the whole `timeout`: no
    part of a text is ever taken for judged that was not.
    """
    windows = cut(text.reveal(), judge.window)
    found = await asyncio.gather(
        *(_in_time(judge, Sensitive(each), role, context, deadline) for _, each in windows)
    )
    return _together(judge, [one for one in found if one is not None], len(windows))


async def _in_time(
    judge: Judge, text: Sensitive[str], role: Role, context: Sensitive[str], deadline: float
) -> Verdict | None:
    try:
        async with asyncio.timeout(deadline):
            return await judge.check(text, role, context, deadline)
    except TimeoutError:
        return None


def _together(judge: Judge, verdicts: Sequence[Verdict], windows: int) -> Judgement:
    failed = [one.status for one in verdicts if one.status != "ok"]
    status = failed[0] if failed else "ok" if len(verdicts) == windows else "timeout"
    level = worst([one.level for one in verdicts])
    scores = [one.score for one in verdicts if one.score is not None]
    return Judgement(
        status=status,
        level=level if status == "ok" or level == "unsafe" else None,
        categories=tuple(sorted({each for one in verdicts for each in one.categories})),
        score=max(scores, default=None),
        model=verdicts[0].model if verdicts else judge.name,
        version=verdicts[0].version if verdicts else "",
        windows=windows,
    )


def worst(levels: Sequence[Level | None]) -> Level:
    """Return the worst of *levels*; `safe` where there is none at all."""
    return max((one for one in levels if one is not None), key=LEVELS.index, default="safe")
