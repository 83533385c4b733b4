"""Where words stand in a text: many of them looked for at once, at the cost of one."""

from collections.abc import Iterable

from daachorse import CharwiseDoubleArrayAhoCorasick

from pratique.text.scripts import encodable


class Standing:
    """Finds where some of many words stand in a text, all in one pass."""

    def __init__(self, words: Iterable[str]) -> None:
        self.words = tuple(words)
        self._automaton = CharwiseDoubleArrayAhoCorasick(list(self.words))

    def find(self, text: str) -> list[tuple[int, int, int]]:
        """Return start, end and number of each, in the order in which they end, longer ones first."""
        try:
            return self._automaton.find_overlapping(text)
        except UnicodeEncodeError:
            return self._automaton.find_overlapping(encodable(text))
