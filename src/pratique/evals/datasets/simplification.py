"""Simplification: sentences of an encyclopedia with ten people's simpler ones.

Measured is how near `rewrite` in the tone `concise` comes to one of them, as a trend. People were
asked for simpler sentences, not for shorter ones, so that only references count that are as short
as the feature itself demands; a sentence without any is left out.
"""

from collections.abc import Iterator
from pathlib import Path

from pratique.evals.datasets.dataset import Dataset, Row
from pratique.evals.datasets.files import table
from pratique.evals.datasets.pairs import Pair, paired
from pratique.features.checks.forms import CONCISE
from pratique.text.lengths import characters

REFERENCES = 10
"""References of each sentence."""


def _rows(name: str, folder: Path) -> Iterator[Row]:
    path = folder / "asset_test.tsv"
    columns = 1 + REFERENCES
    pairs = (
        _pair(line, source, accept)
        for line, (source, *accept) in table(path, least=columns, most=columns)
    )
    return paired(name, path, pairs, _concise, lambda _: "Shorter, and still the same said.")


def _pair(line: int, source: str, accept: list[str]) -> Pair:
    most = int(CONCISE * characters(source))
    short = tuple(text for text in accept if characters(text) <= most)
    reason = "" if short else "nobody's sentence is short enough to be called concise"
    return Pair(line=line, text=source, accept=short, left_out=reason)


def _concise(text: str) -> dict[str, object]:
    return {"text": text, "tone": "concise"}


DATASETS = (
    Dataset(
        id="en-rewrite-asset",
        about="Shorter sentences near to what people wrote, as a trend (ASSET)",
        licence="CC BY-NC 4.0: for development only, not for commercial use",
        feature="rewrite",
        scorer="resembles",
        locale="en",
        folder="en-rewrite-asset",
        rows=_rows,
    ),
)
"""The set of this family."""
