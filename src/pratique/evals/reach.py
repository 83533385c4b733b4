"""Reach: whether a model answers at all. Who never did was not tested, and has no outcomes."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from pratique.errors import Unavailable
from pratique.partners.contract import Reply

if TYPE_CHECKING:
    from pratique.evals.cells import Cell
    from pratique.evals.outcomes import Result

SILENT = 5
"""Samples without any answer from a model that never gave one, after which nobody is there."""

_OURS = {
    "auth": ("does not let us in", "set its key (`pratique partner list` names the variable)"),
    "quota_exhausted": ("has no quota left for us", "raise the quota at the partner"),
}
"""Replies that say something of our account and nothing of the model, each with what to do."""


class Reach:
    """Which models have answered, and what waits until one does.

    A sample without an answer counts against a model, so it must be the model's doing: a key that
    is missing and a server that nobody started are not.
    """

    def __init__(self, heard: Iterable[str]) -> None:
        """Know the models *heard* of before."""
        self._heard = set(heard)
        self._waiting: dict[str, list[tuple[Cell, Result]]] = {}
        self._said: dict[str, str] = {}

    def note(self, name: str, reply: Reply) -> None:
        """Take in what *name* replied.

        Raises:
            Unavailable: our key or our quota is the reason.
        """
        # What it did itself says more than that it is left alone for a while after it.
        if reply.code != "breaker_open" or name not in self._said:
            self._said[name] = _words(reply)
        require_admitted(name, reply)

    def admitted(self, name: str, cell: "Cell", result: "Result") -> "list[tuple[Cell, Result]]":
        """Return the results that count now: *result* and what waited for an answer of *name*.

        Raises:
            Unavailable: it gave none to `SILENT` samples in a row.
        """
        if name in self._heard or not result.asked:
            return [(cell, result)]
        waiting = self._waiting.setdefault(name, [])
        waiting.append((cell, result))
        if result.outcome == "failed" and result.reply != "context_exceeded":
            if len(waiting) >= SILENT:
                raise self._silent(name)
            return []
        self._heard.add(name)
        return self._waiting.pop(name)

    def require_answers(self) -> None:
        """Refuse to end while a model that was asked has answered nothing.

        Raises:
            Unavailable: names it.
        """
        for name in self._waiting:
            raise self._silent(name)

    def _silent(self, name: str) -> Unavailable:
        count = len(self._waiting[name])
        return Unavailable(
            f"`{name}` answered none of {count} samples and none before: {self._said[name]}",
            hint=f"see that its server runs (`pratique partner check {name} --live`), or take it out"
            " of `candidates` in `markets/*.toml`; nothing of this was counted, and the same"
            " command goes on",
        )


def require_admitted(name: str, reply: Reply) -> None:
    """Refuse a *reply* of *name* that speaks of our account alone.

    Raises:
        Unavailable: our key or our quota is the reason.
    """
    if reply.status in _OURS:
        what, remedy = _OURS[reply.status]
        raise Unavailable(
            f"`{name}` {what}: {_words(reply)}",
            hint=f"{remedy}, or take it out of the market's file or the standard; nothing of this"
            " was counted, and the same command goes on",
        )


def _words(reply: Reply) -> str:
    """Return what a reply says of its failure."""
    marks = [f"HTTP {reply.http_status}"] if reply.http_status else []
    marks += [f"code `{reply.code}`"] if reply.code and reply.code != "no_key" else []
    said = reply.detail or f"`{reply.status}`"
    return f"{said} ({', '.join(marks)})" if marks else said
