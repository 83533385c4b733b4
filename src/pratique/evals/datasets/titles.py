"""Titles: abstracts of Chinese papers with the title and the keywords that their authors gave them.

A title is the shortest summary of its abstract: measured is how near `summarize` comes to it, as a
trend, for a good summary may well say more. Keywords are what a paper is about: measured is whether
`keypoints` speaks of at least half of those that the abstract itself has. Keywords that it has only
in other words are not asked for; a row with none left is left out.
"""

from collections.abc import Iterator
from pathlib import Path

from pratique.errors import Malformed
from pratique.evals.datasets.dataset import Dataset, Row
from pratique.evals.datasets.files import table
from pratique.evals.datasets.pairs import Pair, paired
from pratique.evals.scorers import Target
from pratique.evals.suites import Sample
from pratique.text.spans import folded

POINTS = 5
"""Most points that are asked for."""

_FILE = "dev.tsv"


def _tasks(path: Path, task: str) -> Iterator[tuple[int, str, str]]:
    """Yield line, abstract and target of each row of *path*, all of which are of *task*."""
    for line, (found, abstract, target) in table(path, least=3, most=3):
        if found != task:
            raise Malformed(f"task `{found}`, not `{task}`", path=path, line=line)
        yield line, abstract, target


def _titles(name: str, folder: Path) -> Iterator[Row]:
    path = folder / _FILE
    pairs = (
        Pair(line=line, text=abstract, accept=(title,))
        for line, abstract, title in _tasks(path, "to title")
    )
    return paired(name, path, pairs, _short, lambda _: "The one thing that the text is about.")


def _short(text: str) -> dict[str, object]:
    return {"text": text, "kind": "article", "length": "short"}


def _keywords(name: str, folder: Path) -> Iterator[Row]:
    path = folder / _FILE
    for line, abstract, joined in _tasks(path, "to keywords"):
        words = [word.strip() for word in joined.split("_")]
        if not all(words):
            raise Malformed(f"an empty keyword in `{joined}`", path=path, line=line)
        held = tuple((word,) for word in words if folded(word) in folded(abstract))
        if not held:
            yield Row(path=path, line=line, left_out="no keyword stands in the abstract as it is")
            continue
        sample = Sample(
            id=f"{name}-{line:05d}",
            input={"text": abstract, "max": POINTS},
            target=Target(must=held, need=(len(held) + 1) // 2),
            why="Points that miss what the text is about are no key points.",
        )
        yield Row(path=path, line=line, sample=sample)


DATASETS = (
    Dataset(
        id="zh-abstracts-csl-ts",
        about="Titles of papers from their abstracts, as a trend (CSL)",
        licence="Apache-2.0",
        feature="summarize",
        scorer="resembles",
        locale="zh-Hans",
        folder="zh-abstracts-csl-ts",
        rows=_titles,
    ),
    Dataset(
        id="zh-abstracts-csl-kg",
        about="Half of a paper's own keywords in the key points of its abstract (CSL)",
        licence="Apache-2.0",
        feature="keypoints",
        scorer="mentions",
        locale="zh-Hans",
        folder="zh-abstracts-csl-kg",
        rows=_keywords,
    ),
)
"""The sets of this family."""
