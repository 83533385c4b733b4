"""Ordinary text that screening must let through, and how much of it a pack would refuse."""

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Literal, NamedTuple

import msgspec

from pratique.errors import NotAllowed
from pratique.screening.lint import CLEAN_SHARE
from pratique.screening.screen import Screen

Suite = Literal["over_refusal", "features"]
"""Samples written to be mistaken, and what people ask in the features' suites."""

_REFUSES = ("stop", "replace")


SHORTEST = 12
"""Characters of a text of a feature's suite, at least: `medium` and such are no text of a user."""


class CleanLine(NamedTuple):
    """One text that must pass."""

    locale: str
    """Locale."""
    suite: Suite
    """`over_refusal` looks like what is banned; `features` is what people ask for."""
    id: str
    """Name of the sample."""
    text: str
    """The text."""


class Trial(msgspec.Struct, frozen=True, kw_only=True):
    """What a pack did to ordinary text."""

    text: str
    """Which text: suite and locale."""
    bar: float
    """Share that may be refused."""
    lines: int
    """Texts that were tried, as input and as output."""
    refused: int
    """Of them, those that were stopped or replaced."""
    worst: tuple[tuple[str, int], ...]
    """Entries that refused most, with how many."""

    @property
    def share(self) -> float:
        """Share that was refused; 0 where nothing was tried."""
        return self.refused / self.lines if self.lines else 0.0


class _Sample(msgspec.Struct, frozen=True):
    """A sample of a suite, as far as it is needed here."""

    id: str
    input: dict[str, object] = {}
    text: str = ""


def clean_texts() -> dict[str, list[str]]:
    """Return all clean lines by locale, for those that the over-refusal samples are written in."""
    locales = [path.stem for path in sorted(_suites().glob("over_refusal/*.jsonl"))]
    return {locale: [line.text for line in _of_locale(locale)] for locale in locales}


def _suites() -> Path:
    return Path(str(files("pratique") / "content" / "suites"))


@cache
def _of_locale(locale: str) -> tuple[CleanLine, ...]:
    found: list[CleanLine] = []
    for path in sorted(_suites().glob(f"*/{locale}.jsonl")):
        for line in path.read_bytes().splitlines():
            sample = msgspec.json.decode(line, type=_Sample)
            if path.parent.name == "over_refusal":
                found.append(CleanLine(locale, "over_refusal", sample.id, sample.text))
            found += [
                CleanLine(locale, "features", sample.id, text)
                for text in _texts(sample.input)
                if len(text) >= SHORTEST
            ]
    return tuple({line.text: line for line in found}.values())


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from _texts(one)
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one)


def tried(screen: Screen, locales: Sequence[str], over_refusal: float) -> tuple[Trial, ...]:
    """Return what *screen* does to the clean lines of *locales*, each as input and as output.

    *over_refusal* is the share of the samples made to be mistaken that may be refused.
    """
    bars: dict[Suite, float] = {"over_refusal": over_refusal, "features": CLEAN_SHARE}
    return tuple(
        _tried(screen, f"{suite}/{locale}", [one.text for one in lines if one.suite == suite], bar)
        for locale in locales
        for lines in (_of_locale(locale),)
        for suite, bar in bars.items()
    )


def _tried(screen: Screen, name: str, texts: Sequence[str], bar: float) -> Trial:
    refused = 0
    by_rule: Counter[str] = Counter()
    for text in texts:
        both = (screen.check(text, "input"), screen.check(text, "output"))
        rules = {hit.rule for one in both for hit in one.hits if hit.action in _REFUSES}
        refused += bool(rules)
        by_rule.update(rules)
    worst = tuple(by_rule.most_common(10))
    return Trial(text=name, lines=len(texts), refused=refused, bar=bar, worst=worst)


def require_passed(trials: Sequence[Trial], pack: str) -> None:
    """Refuse a pack that refuses too much of what is ordinary.

    Raises:
        NotAllowed: a share is above its bar, or nothing was tried.
    """
    for trial in trials:
        if not trial.lines:
            raise NotAllowed(
                f"pack `{pack}` was tried on no text of `{trial.text}` in the market's locales",
                hint="offer the market in a locale that `content/suites` has samples of",
            )
        if trial.share > trial.bar:
            names = ", ".join(f"`{rule}` {count}" for rule, count in trial.worst[:5])
            raise NotAllowed(
                f"pack `{pack}` refuses {trial.refused} of {trial.lines} ordinary texts of"
                f" `{trial.text}` ({trial.share:.1%}, at most {trial.bar:.0%}), most by {names}",
                hint="mend these entries, or give them `allow` phrases, and build the pack anew",
            )
