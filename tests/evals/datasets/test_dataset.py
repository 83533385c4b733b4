"""Data sets: every row is a sample or counted, and whatever is broken is named by file and line."""

import random
from pathlib import Path

import jsonschema_rs
import pytest

from pratique.errors import Malformed, NotFound
from pratique.evals.datasets import DATASETS
from pratique.evals.datasets.dataset import AGAIN
from pratique.evals.scorers import SCORERS
from pratique.features.packs import find_packs, packaged, read_pack

PACKS = {name: read_pack(folder) for name, folder in find_packs([packaged()]).items()}
TO_COME = {"transform"}
"""Features that sets may measure before they have a pack."""


def test_the_registry_has_each_set_by_its_own_id() -> None:
    """A result names its set by the id alone."""
    assert all(name == one.id for name, one in DATASETS.items())
    assert len(DATASETS) == 25
    assert all(one.licence and one.about for one in DATASETS.values())


@pytest.mark.parametrize("name", DATASETS)
def test_each_set_measures_a_feature_by_a_scorer_in_a_locale_that_exist(name: str) -> None:
    """A set for a feature, scorer or locale that nobody has could never run."""
    one = DATASETS[name]
    assert one.scorer in SCORERS
    assert one.feature in PACKS or one.feature in TO_COME
    assert one.locale in ("en", "zh-Hans", "zh-Hant")


@pytest.mark.parametrize("name", DATASETS)
def test_a_tiny_set_gives_samples_that_fit(name: str, tiny: Path) -> None:
    """Ids name the set and the row, are the same again, and inputs are what the feature takes."""
    one = DATASETS[name]
    samples = one.read(tiny)
    assert samples
    assert samples == one.read(tiny)
    assert len({sample.id for sample in samples}) == len(samples)
    assert all(sample.id.startswith(f"{name}-") and sample.why for sample in samples)
    if one.feature in PACKS:
        validator = jsonschema_rs.Draft202012Validator(PACKS[one.feature].input_schema)
        for sample in samples:
            validator.validate(sample.input)


@pytest.mark.parametrize("name", DATASETS)
def test_a_set_that_is_absent_is_said_to_be(name: str, tmp_path: Path) -> None:
    """No folder is no empty set."""
    with pytest.raises(NotFound, match="no file") as caught:
        DATASETS[name].load(tmp_path)
    assert caught.value.hint


def test_a_row_whose_input_was_met_before_is_counted_not_asked_twice(tiny: Path) -> None:
    """It would weigh twice; gone without a word it would shrink the set."""
    reading = DATASETS["en-sms"].load(tiny)
    assert {one.why: one.rows for one in reading.left_out}[AGAIN] == 1
    assert (len(reading.samples), reading.rows) == (1, 3)
    assert DATASETS["en-sms"].left_out(tiny) == reading.left_out


@pytest.mark.parametrize("name", DATASETS)
@pytest.mark.parametrize("harm", [b"", b"   ", b"\xff\xfe", b"{", b"[]", b"a\tb\tc\td\te\tf\tg\th"])
def test_a_broken_row_is_named_by_file_and_line(name: str, harm: bytes, tiny: Path) -> None:
    """Whichever line of whichever file it is: never skipped, never a traceback."""
    folder = tiny / DATASETS[name].folder
    hit = 0
    for path in sorted(folder.iterdir()):
        whole = path.read_bytes()
        rows = whole.removesuffix(b"\n").split(b"\n")
        for number in range(len(rows)):
            path.write_bytes(b"\n".join([*rows[:number], harm, *rows[number + 1 :]]) + b"\n")
            hit += _fails_well(name, tiny, path, None if path.suffix == ".json" else number + 1)
        path.write_bytes(whole)
    assert hit


@pytest.mark.parametrize("name", DATASETS)
def test_fuzzed_files_load_or_say_where_they_are_broken(name: str, tiny: Path) -> None:
    """Any bytes at all: the rows that are left add up, or the error names file and line."""
    chance = random.Random(name)
    paths = sorted((tiny / DATASETS[name].folder).iterdir())
    failed = 0
    for _ in range(120):
        path = chance.choice(paths)
        whole = path.read_bytes()
        place = chance.randrange(len(whole))
        piece = chance.choice((b"", b"\n", b"\t", b'"', b"\x00", b"\xe4", b"}", b"-1", b"null"))
        path.write_bytes(whole[:place] + piece + whole[place + chance.randrange(4) :])
        failed += _fails_well(name, tiny, path, None)
        path.write_bytes(whole)
    assert failed


def _fails_well(name: str, tiny: Path, path: Path, line: int | None) -> bool:
    """Load a set with a harmed *path*; a failure must name it and *line*, if that is known."""
    try:
        reading = DATASETS[name].load(tiny)
    except Malformed as error:
        # Of two files that belong together either may be the one that does not fit.
        assert error.path is not None and error.path.parent == path.parent
        assert error.line is not None
        lines = error.path.read_bytes().count(b"\n") + 1
        assert 1 <= error.line <= lines
        if line is not None:
            assert (error.path, error.line) == (path, line), error.message
        return True
    assert reading.rows > 0
    return False
