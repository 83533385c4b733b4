"""Reading an answer: from the text that a model wrote to the output that a feature promises."""

import re
from collections.abc import Mapping

import msgspec

from pratique.features.prompts import Reading

REVISION = 1
"""Revision of how answers are read, to be raised whenever the same text reads otherwise."""

Output = dict[str, object]

_FENCE = re.compile(r"^\s*```[a-z]*\n(.*?)\n?```\s*$", re.DOTALL)
_BULLET = re.compile(r"^\s*(?:[-*•·]|\(?\d{1,2}[.):、）])\s*")
_decode = msgspec.json.Decoder(Output).decode
_QUOTES = (('"', '"'), ("“", "”"), ("「", "」"), ("'", "'"), ("‘", "’"))
_OPENING = frozenset(left for left, _ in _QUOTES)


class Unreadable(ValueError):
    """The answer has not the form that its prompt asked for. The text says why, without content."""


def read_answer(reading: Reading, text: str) -> Output:
    """Return the output in *text*.

    Raises:
        Unreadable: nothing of the asked form is there.
    """
    if reading.form == "json":
        return _object(text)
    if reading.form == "lines":
        return {reading.field: _lines(text, reading.count)}
    if reading.form == "choice":
        return _choice(text, reading.choices)
    plain = _unquoted(text.strip())
    if not plain:
        raise Unreadable("the answer is empty")
    return {reading.field: plain}


class PlainText:
    """Reads an answer of the form `text` as it comes: all pieces together are what `read_answer` reads.

    Space at the end is held back until more follows, and all of a text that begins with a quotation
    mark, since only its end says whether that belongs to it.
    """

    def __init__(self) -> None:
        self._held = ""
        self._begun = False

    def feed(self, piece: str) -> str:
        """Take *piece* and return what surely belongs to the text."""
        text = self._held + piece
        if not self._begun:
            text = text.lstrip()
            if not text or text[0] in _OPENING:
                self._held = text
                return ""
            self._begun = True
        kept = text.rstrip()
        self._held = text[len(kept) :]
        return kept

    def finish(self) -> str:
        """Return what is left when the answer has ended."""
        return "" if self._begun else _unquoted(self._held.strip())


def _object(text: str) -> Output:
    fenced = _FENCE.match(text)
    try:
        return _decode((fenced[1] if fenced else text).strip())
    except msgspec.DecodeError:
        raise Unreadable("the answer is not a JSON object") from None


def _lines(text: str, count: int) -> list[str]:
    lines = [_unquoted(_BULLET.sub("", line).strip()) for line in text.splitlines()]
    kept = [line for line in lines if line]
    if not kept:
        raise Unreadable("the answer has no lines")
    return kept[:count] if count else kept


def _choice(text: str, choices: Mapping[str, Mapping[str, object]]) -> Output:
    start = text.strip().casefold()
    # The longest word first, so that `not urgent` is not read as `no`.
    for word in sorted(choices, key=len, reverse=True):
        if start.startswith(word.casefold()):
            return dict(choices[word])
    raise Unreadable("the answer is none of the choices")


def _unquoted(text: str) -> str:
    for left, right in _QUOTES:
        if (
            len(text) > 1
            and text.startswith(left)
            and text.endswith(right)
            and text.count(left) + text.count(right) <= 4
        ):
            inner = text[1:-1]
            if left not in inner and right not in inner:
                return inner.strip()
    return text
