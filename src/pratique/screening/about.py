"""What a hit is about: the category that decides its stock answer and whether it counts."""

from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path

from pratique.screening.screen import Screen
from pratique.screening.verdict import Hit
from pratique.settings.toml import read_toml


def about(screen: Screen, hits: Iterable[Hit], regime: str) -> tuple[str, ...]:
    """Return the categories of *hits* of *screen*, in order, each once.

    An entry says it itself; else its risk in *regime* does, and what is unknown is `other`.
    """
    named = (screen.category(hit.rule) or category_of(hit.risk, regime) for hit in hits)
    return tuple(dict.fromkeys(named))


def category_of(risk: str, regime: str) -> str:
    """Return the category of a *risk* of *regime*; `other` where there is none."""
    return _risks().get(regime, {}).get(risk, "other")


@cache
def _risks() -> Mapping[str, Mapping[str, str]]:
    path = Path(str(files("pratique") / "content" / "screening" / "risks.toml"))
    return read_toml(path, dict[str, dict[str, str]])
