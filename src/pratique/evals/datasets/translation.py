"""Translation: the same sentences and passages in English and in Chinese, both ways.

Measured is whether `translate` stays near a person's translation (see `scorers.translated`). A
sentence that Tatoeba has several translations of is one sample with all of them. Tatoeba mixes the
scripts: into Chinese, a row counts for the script that it is written in, for both where nothing
tells, and for neither where it mixes them. XQuAD gives whole passages, translated by professionals
from English; into English the reference is the original.
"""

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Literal

from pratique.evals.datasets.dataset import Dataset, Row
from pratique.evals.datasets.files import table
from pratique.evals.datasets.pairs import Pair, paired
from pratique.evals.datasets.squad import passages
from pratique.evals.scorers import Target
from pratique.evals.suites import Sample
from pratique.text.scripts import foreign_script, script

Locale = Literal["en", "zh-Hans", "zh-Hant"]

WHY = "The sense must come over whole, and nothing else."
"""What a user would mind."""


def _tatoeba(name: str, folder: Path, *, into: Locale) -> Iterator[Row]:
    path = folder / "cmn.txt"
    pairs = (
        _pair(line, english, chinese, into)
        for line, (english, chinese) in table(path, least=2, most=2)
    )
    return paired(name, path, pairs, partial(_request, into=into), lambda _: WHY)


def _pair(line: int, english: str, chinese: str, into: Locale) -> Pair:
    if into == "en":
        return Pair(line=line, text=chinese, accept=(english,))
    wrong = foreign_script(chinese, into)
    reason = f"its Chinese has characters that {into} does not write" if wrong else ""
    return Pair(line=line, text=english, accept=(chinese,), left_out=reason)


def _request(text: str, into: Locale) -> dict[str, object]:
    found = script(text)
    if into != "en":
        return {"text": text, "source": "en", "target": into}
    # The source is named only where its script tells which of the two it is.
    return {"text": text, **({"source": f"zh-{found}"} if found else {}), "target": into}


def _xquad(name: str, folder: Path, *, into: Locale) -> Iterator[Row]:
    path = folder / "xquad.en.json"
    file, english = passages(path)
    _, chinese = passages(folder / "xquad.zh.json")
    if len(english) != len(chinese):
        raise file.malformed(f"{len(english)} passages, {len(chinese)} in Chinese", "data")
    both = zip(english, chinese, strict=True)
    for number, ((steps, original), (_, translated)) in enumerate(both, 1):
        if [one.id for one in original.qas] != [one.id for one in translated.qas]:
            raise file.malformed("the Chinese passage has other questions", *steps)
        text, reference = original.context.strip(), translated.context.strip()
        if into == "en":
            text, reference = reference, text
        request = {"text": text, "source": "zh-Hans" if into == "en" else "en", "target": into}
        sample = Sample(
            id=f"{name}-{number:05d}", input=request, target=Target(accept=(reference,)), why=WHY
        )
        yield Row(path=path, sample=sample)


def _set(name: str, into: Locale) -> Dataset:
    found = name == "tatoeba"
    return Dataset(
        id=f"zh-en-{name}-into-{into}",
        about=(
            f"Everyday sentences into {into} (Tatoeba)"
            if found
            else f"Passages of encyclopedia articles into {into} (XQuAD)"
        ),
        licence="CC BY 2.0 FR" if found else "CC BY-SA 4.0",
        feature="translate",
        scorer="translated",
        locale=into,
        folder=f"zh-en-{name}",
        rows=partial(_tatoeba if found else _xquad, into=into),
    )


DATASETS = (
    _set("tatoeba", "en"),
    _set("tatoeba", "zh-Hans"),
    _set("tatoeba", "zh-Hant"),
    _set("xquad", "en"),
    _set("xquad", "zh-Hans"),
)
"""The sets of this family."""
