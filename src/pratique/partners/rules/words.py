"""Word lists of the rule-based model: read once from the package's content, then kept."""

import tomllib
from functools import cache
from importlib.resources import files

from pratique.errors import NotFound


def text(locale: str, name: str) -> str:
    """Return the text of one word list; raises `NotFound` when the package lacks it."""
    path = files("pratique") / "content" / "partners" / "rules" / locale / name
    if not path.is_file():
        raise NotFound(
            f"word list `{locale}/{name}` is not in the package",
            hint="install the package again: its content is incomplete",
        )
    return path.read_text(encoding="utf-8")


@cache
def rows(locale: str, name: str) -> tuple[tuple[str, ...], ...]:
    """Return the rows of a tab-separated list; blank lines and lines with `#` first are notes."""
    lines = text(locale, name).splitlines()
    return tuple(
        tuple(line.split("\t")) for line in lines if line.strip() and not line.startswith("#")
    )


@cache
def sets(locale: str, name: str) -> dict[str, frozenset[str]]:
    """Return the word sets of a TOML list: each value is words with spaces between."""
    table: dict[str, str] = tomllib.loads(text(locale, name))
    return {key: frozenset(value.split()) for key, value in table.items()}


@cache
def phrases(locale: str, name: str) -> dict[str, tuple[str, ...]]:
    """Return the phrase lists of a TOML list: each value is an array of phrases."""
    table: dict[str, list[str]] = tomllib.loads(text(locale, name))
    return {key: tuple(value) for key, value in table.items()}
