"""Results of screening as they are printed, and the texts of a file to screen."""

import msgspec

from pratique.screening.verdict import Verdict


class Line(msgspec.Struct):
    """One line of a file to screen."""

    id: str | int
    """Name of the text, given back with the result."""
    text: str
    """What is screened."""


class Hit(msgspec.Struct):
    """A hit as it is printed."""

    rule: str
    """Id of the entry."""
    view: str
    """How it was found."""
    start: int
    """First code point of the original."""
    end: int
    """First code point after it."""


class Result(msgspec.Struct):
    """What came of one text."""

    id: str | int
    """Name of the text."""
    action: str | None
    """The strongest action; null where nothing was found."""
    hits: list[Hit]
    """Where what was found."""

    def line(self) -> str:
        """Return it as one line of JSON."""
        return msgspec.json.encode(self).decode()


def result(id: str | int, verdict: "Verdict") -> Result:
    """Return what *verdict* found in the text *id*."""
    hits = [Hit(hit.rule, hit.view, hit.start, hit.end) for hit in verdict.hits]
    return Result(id, verdict.action, hits)
