"""Windows of a text that a judge reads: cut at sentence stops, the last sentence read again.

A cut depends on the text alone, never on how it came in pieces.
"""

import re
from dataclasses import dataclass
from functools import cache
from typing import Literal

Call = Literal["clean", "wait", "hit"]
"""What a window comes to: nothing, perhaps something, something."""

_CLOSERS = "」』”’）)\"'】》"
"""Marks that belong to the sentence that they close."""


@dataclass(frozen=True, slots=True)
class Window:
    """A part of a text, in characters of the whole."""

    start: int
    """Its first character; that of the sentence before where that is read again."""
    fresh: int
    """Its first character that no earlier window held."""
    end: int
    """Where it ends, exclusive."""
    last: bool = False
    """Whether the text ends here."""


class Windows:
    """Cuts a text that comes in pieces. Holds the text from the start of the next window on.

    A window ends at the first stop after *stride* new characters, and at *size* at the latest.
    """

    def __init__(self, size: int, stride: int) -> None:
        if not 1 <= stride <= size:
            raise ValueError(f"a stride of {stride} does not fit into windows of {size}")
        self._size, self._stride = size, stride
        self._start = self._fresh = 0
        self._held = ""

    def feed(self, piece: str) -> list[tuple[Window, str]]:
        """Take *piece* and return the windows that are now complete, each with its text."""
        self._held += piece
        found = []
        while (end := self._cut()) is not None:
            found.append(self._taken(end))
        return found

    def close(self) -> list[tuple[Window, str]]:
        """Return what is left as the last window; nothing where there is nothing new."""
        end = self._start + len(self._held)
        if end == self._fresh:
            return []
        window = Window(self._start, self._fresh, end, last=True)
        text, self._held = self._held, ""
        self._start = self._fresh = end
        return [(window, text)]

    def _cut(self) -> int | None:
        """Return where the next window ends; None while more of the text may decide that."""
        limit = self._start + self._size
        first = min(self._fresh + self._stride, limit) - self._start
        for match in _stops().finditer(self._held, max(first - 1 - len(_CLOSERS), 0)):
            end = match.end()
            if end >= len(self._held) or self._start + end > limit:
                break  # a closing mark or the space after a full stop may still come
            if end >= first and self._start + end > self._fresh:
                return self._start + end
        # One character more than fits is seen, so that a stop at the very end is a stop still.
        return limit if len(self._held) > self._size else None

    def _taken(self, end: int) -> tuple[Window, str]:
        text = self._held[: end - self._start]
        window = Window(self._start, self._fresh, end)
        back = _last_sentence(text)
        # A sentence too long to be read again leaves its end: a quarter of a window.
        back = back if back <= self._size // 2 else self._size // 4
        self._held = self._held[end - self._start - back :]
        self._start, self._fresh = end - back, end
        return window, text


def cut(text: str, size: int) -> list[tuple[Window, str]]:
    """Return the windows of at most *size* characters of a text that is here as a whole."""
    if len(text) <= size:
        return [(Window(0, 0, len(text), last=True), text)] if text else []
    windows = Windows(size, max(size // 2, 1))
    return windows.feed(text) + windows.close()


class Debounce:
    """Counts positive windows: one alone may be chance, two in a row are a hit.

    The last window of a text decides alone, for nothing follows that could confirm it.
    """

    def __init__(self, needed: int = 2) -> None:
        self._needed = needed
        self._positive = 0

    def feed(self, positive: bool, *, last: bool) -> Call:
        """Take what a judge said of the next window and return what that comes to."""
        self._positive = self._positive + 1 if positive else 0
        if not positive:
            return "clean"
        return "hit" if last or self._positive >= self._needed else "wait"


def _last_sentence(text: str) -> int:
    """Return the length of the last sentence of *text*, its stop with it."""
    before = 0
    for match in _stops().finditer(text):
        if match.end() < len(text):
            before = match.end()
    return len(text) - before


@cache
def _stops() -> re.Pattern[str]:
    """Return the pattern of what ends a sentence: a Western full stop only before a space."""
    closers = re.escape(_CLOSERS)
    return re.compile(rf"(?:[。！？；!?;…\n]+|\.(?=[\s{closers}]))[{closers}]*")
