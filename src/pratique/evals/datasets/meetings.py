"""Meetings: what was said in one part of a Chinese meeting, with somebody's summary of it.

Measured is how near `summarize` comes to that summary, as a trend: the summaries are longer than
the feature may write. The set has no times, decisions or tasks, so that it cannot measure
`transcript_summary`. A part longer than the feature takes is left out.
"""

from collections.abc import Iterator
from pathlib import Path

import msgspec

from pratique.errors import Malformed
from pratique.evals.datasets.dataset import Dataset, Row
from pratique.evals.datasets.files import records, require_text
from pratique.evals.scorers import Target
from pratique.evals.suites import Sample

MOST_CHARACTERS = 11_900
"""Characters of a conversation above which a row is left out: `summarize` takes 12 000 in all."""


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """One row: one part of a meeting."""

    id: str
    """Meeting and part."""
    context: tuple[tuple[str, ...], ...]
    """Turns, each a list of sentences."""
    speaker: tuple[int, ...]
    """Number of each turn's speaker."""
    discussion: str
    """Summary of the part."""


def _rows(name: str, folder: Path) -> Iterator[Row]:
    path = folder / "short_dev.jsonl"
    for line, part in records(path, Part):
        summary = require_text(part.discussion, "discussion", path, line)
        text = _conversation(part, path, line)
        if len(text) > MOST_CHARACTERS:
            yield Row(path=path, line=line, left_out=f"longer than {MOST_CHARACTERS} characters")
            continue
        sample = Sample(
            id=f"{name}-{line:05d}",
            input={"text": text, "kind": "conversation", "length": "medium"},
            target=Target(accept=(summary,)),
            why="Who was not there must learn what was said, not how long it took.",
        )
        yield Row(path=path, line=line, sample=sample)


def _conversation(part: Part, path: Path, line: int) -> str:
    if not part.context or len(part.context) != len(part.speaker):
        message = f"{len(part.context)} turns with {len(part.speaker)} speakers"
        raise Malformed(message, path=path, line=line)
    turns = (
        require_text("".join(turn).replace("\n", " "), "context", path, line)
        for turn in part.context
    )
    named = zip(part.speaker, turns, strict=True)
    return "\n".join(f"发言人{speaker}：{turn}" for speaker, turn in named)


DATASETS = (
    Dataset(
        id="zh-meetings-vcsum",
        about="Summaries of parts of meetings, as a trend (VCSum)",
        licence="MIT",
        feature="summarize",
        scorer="resembles",
        locale="zh-Hans",
        folder="zh-meetings-vcsum",
        rows=_rows,
    ),
)
"""The set of this family."""
