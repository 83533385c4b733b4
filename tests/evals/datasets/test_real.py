"""The real data sets, where an operator has them beside the project: complete, and the same again."""

import random
from collections.abc import Callable, Mapping
from pathlib import Path

import jsonschema_rs
import pytest

from pratique.evals.datasets import DATASETS
from pratique.evals.scorers import SCORERS, Target
from pratique.evals.scorers.sets import LEAST_OVERLAP
from pratique.features.packs import find_packs, packaged, read_pack

PACKS = {name: read_pack(folder) for name, folder in find_packs([packaged()]).items()}
COUNTED: Mapping[str, bytes] = {
    "zh-en-xquad-into": b'"context":',
    "zh-en-xquad-questions": b'"question":',
    "zh-qa-cmrc2018": b'"question":',
    "followbench": b'"example_id":',
}
"""What stands once in each row of a file that does not have one row a line."""

OUTPUTS: Mapping[str, Callable[[str], dict[str, object]]] = {
    "proofread": lambda text: {"corrected": text},
    "summarize": lambda text: {"summary": text},
    "smart_reply": lambda text: {"replies": [text]},
    "translate": lambda text: {"text": text},
    "rewrite": lambda text: {"text": text},
}
"""A reference as an answer, by feature."""


def _rows(name: str, real: Path) -> int:
    """Count the rows of a set without reading it."""
    mark = next((mark for part, mark in COUNTED.items() if part in name), b"\n")
    paths = [path for path in (real / DATASETS[name].folder).iterdir() if path.suffix != ".md"]
    if "xquad" in name:
        paths = [path for path in paths if ("zh" if "zh-Hans" in name else "en") in path.stem]
    return sum(path.read_bytes().count(mark) for path in paths)


@pytest.mark.parametrize("name", DATASETS)
def test_every_row_is_a_sample_or_counted(name: str, real: Path) -> None:
    """No set shrinks in silence, and two readings are the same."""
    one = DATASETS[name]
    reading = one.load(real)
    assert reading.rows == _rows(name, real)
    assert reading == one.load(real)
    assert len({sample.id for sample in reading.samples}) == len(reading.samples)
    assert all(sample.id.startswith(f"{name}-") for sample in reading.samples)


@pytest.mark.parametrize("name", DATASETS)
def test_every_sample_can_be_asked(name: str, real: Path) -> None:
    """It fits the feature's input, and its limit."""
    one = DATASETS[name]
    pack = PACKS[one.feature]
    validator = jsonschema_rs.Draft202012Validator(pack.input_schema)
    limit = pack.file.limits[one.locale].input_characters
    for sample in one.read(real):
        validator.validate(sample.input)
        assert _characters(sample.input) <= limit, sample.id


@pytest.mark.parametrize("name", [name for name, one in DATASETS.items() if one.feature in OUTPUTS])
def test_every_reference_meets_its_own_target(name: str, real: Path) -> None:
    """A target that its own references miss measures nothing; an empty answer meets none."""
    one = DATASETS[name]
    score, output = SCORERS[one.scorer].score, OUTPUTS[one.feature]
    samples = one.read(real)
    for sample in random.Random(name).sample(samples, min(len(samples), 300)):
        accept = sample.target.accept
        for reference in accept[:2]:
            assert score(sample.target, sample.input, output(reference)).met, sample.id
        assert not score(sample.target, sample.input, output("")).met, sample.id


@pytest.mark.parametrize(
    "name",
    ["zh-abstracts-csl-ts", "zh-meetings-vcsum", "en-dialogue-dialogsum", "en-rewrite-asset"],
)
def test_another_rows_reference_is_hardly_ever_near(name: str, real: Path) -> None:
    """The floor tells an answer about this text from one about another."""
    one = DATASETS[name]
    score, output = SCORERS[one.scorer].score, OUTPUTS[one.feature]
    samples, chance, tries = one.read(real), random.Random(name), 600
    near = 0
    for _ in range(tries):
        sample, other = chance.sample(samples, 2)
        near += score(sample.target, sample.input, output(other.target.accept[0])).met
    assert near <= tries / 20
    assert set(output("x")) <= set(LEAST_OVERLAP)


def test_passages_do_not_answer_their_questions(real: Path) -> None:
    """Whoever gives back the whole text has not answered; people's answers have."""
    for name in ("zh-en-xquad-questions-en", "zh-en-xquad-questions-zh-Hans", "zh-qa-cmrc2018"):
        score = SCORERS["instructions"].score
        for sample in DATASETS[name].read(real):
            assert isinstance(sample.target, Target)
            for answer in sample.target.instructions[0].texts:
                assert score(sample.target, sample.input, {"text": answer}).met, sample.id
        samples = DATASETS[name].read(real)
        whole = [score(one.target, one.input, {"text": one.input["text"]}).met for one in samples]
        assert sum(whole) / len(whole) < 0.05


def _characters(value: object) -> int:
    if isinstance(value, str):
        return len(value)
    if isinstance(value, Mapping):
        return sum(map(_characters, value.values()))
    return sum(map(_characters, value)) if isinstance(value, (list, tuple)) else 0
