"""Pairs: texts, each with the references that a file has for it, however many rows they stand on."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

import msgspec

from pratique.evals.datasets.dataset import AGAIN, Row
from pratique.evals.scorers import Target
from pratique.evals.suites import Sample


class Pair(msgspec.Struct, frozen=True, kw_only=True):
    """One row: a text and what is right for it."""

    line: int
    """Line that it stands on."""
    text: str
    """The text."""
    accept: tuple[str, ...]
    """Every reference."""
    left_out: str = ""
    """Why the row cannot be a sample; empty where it can."""


def paired(
    name: str,
    path: Path,
    pairs: Iterable[Pair],
    request: Callable[[str], Mapping[str, object]],
    why: Callable[[Pair], str],
) -> Iterator[Row]:
    """Yield each of *pairs* as a row of set *name*: a text once, with the references of all its rows.

    *request* makes a text an input, *why* says what a user would mind.
    """
    found = list(pairs)
    accept: dict[str, tuple[str, ...]] = {}
    for pair in found:
        if not pair.left_out:
            known = accept.get(pair.text, ())
            accept[pair.text] = tuple(dict.fromkeys((*known, *pair.accept)))
    seen: set[str] = set()
    for pair in found:
        reason = pair.left_out or (AGAIN if pair.text in seen else "")
        if reason:
            yield Row(path=path, line=pair.line, left_out=reason)
            continue
        seen.add(pair.text)
        sample = Sample(
            id=f"{name}-{pair.line:05d}",
            input=request(pair.text),
            target=Target(accept=accept[pair.text]),
            why=why(msgspec.structs.replace(pair, accept=accept[pair.text])),
        )
        yield Row(path=path, line=pair.line, sample=sample)
