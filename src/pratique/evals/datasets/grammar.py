"""Grammar: what learners wrote, with several people's corrections, each of which is right.

Measured is whether `proofread` gives back one of the corrections exactly. People correct in more
ways than any set lists, so that even good answers miss often: figures compare candidates.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from pratique.errors import Malformed
from pratique.evals.datasets.dataset import Dataset, Row
from pratique.evals.datasets.files import table
from pratique.evals.datasets.pairs import Pair, paired
from pratique.evals.datasets.spelling import why_corrected

RIGHT_ALREADY = "没有错误"
"""What MuCGEC writes in place of a correction where there is nothing to correct."""

_MARKS = {"''": '"', "``": '"', "&raspsquo;": "'"}
_LEFT = re.compile(r"[.,;:?!)%]|\.\.\.|n't|'(?:s|m|re|ve|ll|d)", re.IGNORECASE)


def written(text: str) -> str:
    """Return an English *text*, given as tokens with spaces between, as people write it.

    JFLEG parts words and punctuation by spaces. A user does not, and an answer that mends the
    spaces would match no reference.
    """
    pieces: list[str] = []
    glued = True
    opened: set[str] = set()
    for piece in (_MARKS.get(each, each) for each in text.split()):
        closes = bool(_LEFT.fullmatch(piece)) or piece in opened or _possessive(piece, pieces)
        pieces.append(piece if glued or closes else f" {piece}")
        quote = piece in ('"', "'")
        glued = piece == "(" or (quote and not closes)
        if quote and glued:
            opened.add(piece)
        elif quote:
            opened.discard(piece)
    return "".join(pieces)


def _possessive(piece: str, before: list[str]) -> bool:
    """Say whether a lone apostrophe ends a plural (`twenty years' time`)."""
    return piece == "'" and bool(before) and before[-1].endswith("s")


def _jfleg(name: str, folder: Path) -> Iterator[Row]:
    path = folder / "jfleg_dev.tsv"
    pairs = (
        Pair(line=line, text=written(source), accept=tuple(map(written, accept)))
        for line, (source, *accept) in table(path, least=5, most=5)
    )
    return paired(name, path, pairs, lambda text: {"text": text}, why_corrected)


def _mucgec(name: str, folder: Path) -> Iterator[Row]:
    path = folder / "MuCGEC_dev.txt"
    return paired(name, path, _mucgec_pairs(path), lambda text: {"text": text}, why_corrected)


def _mucgec_pairs(path: Path) -> Iterator[Pair]:
    for line, (number, source, *given) in table(path, least=3):
        if not number.isdecimal():
            raise Malformed(f"`{number}` is not the number of a sentence", path=path, line=line)
        accept = tuple(source if one == RIGHT_ALREADY else one for one in given)
        yield Pair(line=line, text=source, accept=accept)


DATASETS = (
    Dataset(
        id="zh-grammar-mucgec",
        about="Mistakes in what learners of Chinese wrote, up to seven corrections each (MuCGEC)",
        licence="Apache-2.0",
        feature="proofread",
        scorer="accepted",
        locale="zh-Hans",
        folder="zh-grammar-mucgec",
        rows=_mucgec,
    ),
    Dataset(
        id="en-grammar-jfleg",
        about="Mistakes and clumsy phrases of learners of English, four corrections each (JFLEG)",
        licence="CC BY-NC-SA 4.0: for development only, not for commercial use",
        feature="proofread",
        scorer="accepted",
        locale="en",
        folder="en-grammar-jfleg",
        rows=_jfleg,
    ),
)
"""The sets of this family."""
