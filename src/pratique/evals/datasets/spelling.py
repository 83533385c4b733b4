"""Spelling: Chinese sentences with the same sentence corrected, many of them right already.

Measured is whether `proofread` gives back exactly the corrected sentence. One that is right must
stay as it is: about half of each set, so that changing what is right costs as much as missing
what is wrong. A sentence that stands on several rows is one sample with all their corrections.
"""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from pratique.evals.datasets.dataset import Dataset, Row
from pratique.evals.datasets.files import table
from pratique.evals.datasets.pairs import Pair, paired


def _rows(name: str, folder: Path, *, file: str) -> Iterator[Row]:
    path = folder / file
    pairs = (
        Pair(line=line, text=columns[0], accept=(columns[1],))
        for line, columns in table(path, least=2, most=2)
    )
    return paired(name, path, pairs, lambda text: {"text": text}, why_corrected)


def why_corrected(pair: Pair) -> str:
    """Say what a user would mind about a correction of *pair*."""
    if pair.text in pair.accept:
        return "It is right already: any change is a false alarm."
    return "A mistake that stays is sent; one that is added is worse."


DATASETS = (
    Dataset(
        id="zh-spelling-sighan15",
        about="Wrong characters in what learners wrote (SIGHAN 2015, in simplified characters)",
        licence="Apache-2.0",
        feature="proofread",
        scorer="accepted",
        locale="zh-Hans",
        folder="zh-spelling-sighan15",
        rows=partial(_rows, file="sighan2015_test.tsv"),
    ),
    Dataset(
        id="zh-spelling-law",
        about="Wrong characters in sentences about law (ECSpell)",
        licence="Apache-2.0",
        feature="proofread",
        scorer="accepted",
        locale="zh-Hans",
        folder="zh-spelling-law",
        rows=partial(_rows, file="ec_law_test.tsv"),
    ),
    Dataset(
        id="zh-spelling-medical",
        about="Wrong characters in questions that patients typed (MCSC)",
        licence="Apache-2.0",
        feature="proofread",
        scorer="accepted",
        locale="zh-Hans",
        folder="zh-spelling-medical",
        rows=partial(_rows, file="mcsc_test.tsv"),
    ),
)
"""The sets of this family."""
