"""A small classifier that runs anywhere: hashed n-grams, logistic regression in numpy.

It is there so that a third judge can be run without a network and without weights to download. It
knows some hundreds of self-written lines and no more: `python -m bench.classifier` says what that
comes to. Weights are made at first use from the development lines alone: there
is no file of weights that could differ from its samples.
"""

import asyncio
import hashlib
import time
import unicodedata
import zlib
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import pairwise

import msgspec
import numpy as np
from numpy.typing import NDArray

from pratique.partners.safeguards.contract import Category, Role, Verdict
from pratique.partners.safeguards.samples import Sample, samples
from pratique.privacy import Sensitive
from pratique.text.scripts import letter_by_letter

REVISION = 1
"""Revision of how weights are made, to be raised whenever the same samples make others."""

UNSAFE, CONTROVERSIAL = 0.5, 0.35
"""From which share of the probability on a harmful class a text is so."""

_BUCKETS = 1 << 13
_LATIN, _HAN = (4,), (1, 2, 3)
"""Lengths of the n-grams of a word and of a run of Chinese."""
_ROUNDS = 300
_RATE = 4.0
_MOMENTUM = 0.9
_DECAY = 1e-4

Matrix = NDArray[np.float32]


class Classifier:
    """Two sets of weights: whether harm is asked for, and which risk it sounds like.

    Equal samples make equal weights. Harmless lines teach the risk too: they sound like it.
    """

    def __init__(self, lines: Sequence[Sample]) -> None:
        learnt = [one for one in lines if one.label != "open"]
        self.risks: tuple[Category, ...] = tuple(sorted({one.risk for one in learnt}))
        rows = _rows(one.text for one in learnt)
        self._harm = _learnt(rows, [one.label == "harmful" for one in learnt], 2)
        named = [self.risks.index(one.risk) for one in learnt]
        self._risk = _learnt(rows, named, len(self.risks))

    def harm(self, text: str) -> float:
        """Return the probability that *text* asks for harm."""
        return float(_softmax(_rows([text]) @ self._harm)[0, 1])

    def risk(self, text: str) -> Category:
        """Return the risk that *text* sounds like most."""
        return self.risks[int(np.argmax(_rows([text]) @ self._risk))]


@cache
def classifier() -> Classifier:
    """Return the classifier, made at the first call."""
    return Classifier([one for one in samples() if one.split == "development"])


def version() -> str:
    """Return what pins its behaviour: its revision and the hash of what it learnt from."""
    lines = [one for one in samples() if one.split == "development"]
    return f"{REVISION}:sha256:{hashlib.sha256(msgspec.json.encode(lines)).hexdigest()}"


class EmbeddedJudge:
    """The classifier as a judge. It looks at the text alone, whoever wrote it."""

    name = "embedded/safeguard"
    languages = ("zh-Hans", "zh-Hant", "en")
    window = 400
    """Characters: beyond some sentences one bad one is lost among the good."""
    stride = 100

    @property
    def categories(self) -> tuple[Category, ...]:
        """What it can tell."""
        return tuple(sorted({one.risk for one in samples() if one.label != "open"}))

    async def check(
        self,
        text: Sensitive[str],
        role: Role,  # noqa: ARG002
        context: Sensitive[str],  # noqa: ARG002
        deadline: float,
    ) -> Verdict:
        """Return what the classifier makes of *text*; a time-out where it took too long."""
        about = Verdict(model=self.name, version=version())
        if len(text.reveal()) > self.window:
            return msgspec.structs.replace(
                about, status="context_exceeded", code="longer_than_window"
            )
        started = time.monotonic()
        verdict = await asyncio.to_thread(_verdict, text, about)
        late = time.monotonic() - started > deadline
        return msgspec.structs.replace(about, status="timeout") if late else verdict


def _verdict(text: Sensitive[str], about: Verdict) -> Verdict:
    score = classifier().harm(text.reveal())
    level = "unsafe" if score >= UNSAFE else "controversial" if score >= CONTROVERSIAL else "safe"
    named = (classifier().risk(text.reveal()),) if level != "safe" else ()
    return msgspec.structs.replace(about, level=level, categories=named, score=score)


def _learnt(rows: Matrix, classes: Sequence[int], many: int) -> Matrix:
    """Return the weights: gradient descent with momentum over all rows at once, from zero.

    There are far fewer rows than columns, so each weight is kept as a sum of rows meanwhile.
    """
    wanted: Matrix = np.eye(many, dtype=np.float32)[np.array(classes, dtype=np.int64)]
    alike: Matrix = rows @ rows.T
    shares: Matrix = np.zeros_like(wanted)
    speed: Matrix = np.zeros_like(wanted)
    rate, momentum, decay = np.float32(_RATE), np.float32(_MOMENTUM), np.float32(_DECAY)
    for _ in range(_ROUNDS):
        error = (_softmax(alike @ shares) - wanted) / np.float32(len(rows))
        speed = (momentum * speed - rate * (error + decay * shares)).astype(np.float32)
        shares += speed
    weights: Matrix = rows.T @ shares
    return weights


def _softmax(scores: Matrix) -> Matrix:
    raised = np.exp(scores - scores.max(axis=1, keepdims=True))
    whole: Matrix = raised / raised.sum(axis=1, keepdims=True)
    return whole


def _rows(texts: Iterable[str]) -> Matrix:
    """Return one row of unit length a text, with the last column for the bias."""
    rows = []
    for text in texts:
        row = np.zeros(_BUCKETS + 1, dtype=np.float32)
        for gram in _grams(text):
            row[zlib.crc32(gram.encode("utf-8", "replace")) % _BUCKETS] = 1
        row /= max(float(np.linalg.norm(row)), 1.0)
        row[_BUCKETS] = 0.3
        rows.append(row)
    return np.stack(rows)


def _grams(text: str) -> set[str]:
    """Return what is counted of *text*, folded: n-grams, words, pairs of them, and how it begins."""
    narrow = unicodedata.normalize("NFKC", text).casefold()
    plain = letter_by_letter(narrow, "zh-Hans")
    words = "".join(each if each.isalnum() else " " for each in plain).split()
    latin = [word for word in words if word.isascii()]
    grams = {f"w {word}" for word in latin}
    grams |= {f"p {first} {second}" for first, second in pairwise(latin)}
    grams |= {f"s {first} {third}" for first, third in zip(latin, latin[2:], strict=False)}
    if words:
        starts = [" ".join(words[:size]) if latin else words[0][:size] for size in (1, 2, 3)]
        grams |= {f"b {start}" for start in starts}
    for word in words:
        held, sizes = (f"_{word}_", _LATIN) if word.isascii() else (word, _HAN)
        grams |= {held[at : at + size] for size in sizes for at in range(len(held) - size + 1)}
    return grams
