"""The automaton behind one small interface."""

from collections.abc import Sequence
from typing import Protocol

from daachorse import CharwiseDoubleArrayAhoCorasick


class Matcher(Protocol):
    """Finds many keys in one pass."""

    def find(self, text: str) -> list[tuple[int, int, int]]:
        """Return start, end and number of the key for every occurrence, overlapping ones too."""
        ...


class _Daachorse:
    """Charwise double array: made for Chinese, whose root has thousands of children."""

    def __init__(self, keys: list[str]) -> None:
        self.find = CharwiseDoubleArrayAhoCorasick(keys).find_overlapping


class _Nothing:
    """Finds nothing, for a pack without phrases."""

    def find(self, text: str) -> list[tuple[int, int, int]]:
        """Return no occurrence."""
        del text
        return []


def matcher_of(keys: Sequence[str]) -> Matcher:
    """Return a matcher of *keys*, which are distinct and not empty."""
    return _Daachorse(list(keys)) if keys else _Nothing()
