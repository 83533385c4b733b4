"""Refusals: whether a text says that it will not help. It is told by its words, so it can be wrong."""

from functools import cache
from importlib.resources import files
from pathlib import Path

from pratique.settings.toml import read_toml
from pratique.text.scripts import letter_by_letter

FILE = Path(str(files("pratique") / "content" / "texts" / "refusals.toml"))

BEGINNING = 200
"""Characters in which a refusal stands, counted from the beginning: later it is a remark."""


def refuses(text: str) -> bool:
    """Return whether *text* begins by saying that it will not help."""
    start = letter_by_letter(text[:BEGINNING].casefold().replace("’", "'"), "zh-Hans")
    return any(phrase in start for phrases in _phrases().values() for phrase in phrases)


@cache
def _phrases() -> dict[str, tuple[str, ...]]:
    return read_toml(FILE, dict[str, tuple[str, ...]])
