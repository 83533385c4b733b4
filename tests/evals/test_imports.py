"""Imports: real logs are read, nothing leaves the denominator, and hostile files are refused."""

import csv
import io
import json
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pratique.errors import Malformed, NotAllowed, NotFound, PratiqueError
from pratique.evals.imports import archives
from pratique.evals.imports.evidence import all_evidence, keep_evidence, replay_log, taken_in
from pratique.evals.imports.formats import READERS, read_log
from pratique.evals.imports.reading import document
from pratique.evals.imports.records import Imported, Log
from pratique.workspace.opened import Opened

LOGS = Path(__file__).parent / "logs"

REAL = {
    "ports-inspect.json": ("inspect", "0.3.285", [1, 1, 0, 0, 0], 1),
    "ports-deflated.eval": ("inspect", "0.3.285", [1, 1, 0, 0, 0], 1),
    "mock/samples_*.jsonl": ("lm-eval", "0.4.13", [1, 1, 0, 0], 0),
    "reviews/mock/*.jsonl": ("evalscope", "", [1, 0, 1, 0], 0),
    "ports-promptfoo.json": ("promptfoo", "0.121.20", [1, 1, 0, 0], 1),
}
"""Tool, version, scores in the log's order, and how many the tool could not get."""


def real(pattern: str) -> Path:
    """Return the one file of *pattern*."""
    (found,) = LOGS.glob(pattern)
    return found


def written(folder: Path, name: str, value: object) -> Path:
    """Write *value* as JSON, or as it stands where it is text, and return where."""
    path = folder / name
    path.write_text(value if isinstance(value, str) else json.dumps(value))
    return path


@pytest.mark.parametrize("pattern", REAL)
def test_a_real_log_is_read_with_every_sample(pattern: str) -> None:
    """An error of the tool is kept apart from a wrong answer, and stays in the denominator."""
    tool, version, scores, failed = REAL[pattern]
    found = read_log(real(pattern))
    assert (found.tool, found.version) == (tool, version)
    assert [one.score for one in found.items] == scores
    assert sum(one.outcome == "failed" for one in found.items) == failed
    assert {one.log for one in found.items} == {found.digest}


def test_a_zstandard_log_is_read() -> None:
    """It is how the tool packs its logs unless it is told otherwise."""
    assert len(read_log(real("ports-zstd.eval")).items) == 5


@pytest.mark.parametrize(
    "details",
    [
        {"type": "GEN", "0": {"pred": "A", "correct": True}, "1": {"pred": "B", "correct": False}},
        [{"pred": "A", "correct": [True]}, {"pred": "B", "correct": [False]}],
    ],
)
def test_both_shapes_of_opencompass_are_read(tmp_path: Path, details: object) -> None:
    """Its evaluators dump details as an object or as a list."""
    found = read_log(written(tmp_path, "ports.json", {"accuracy": 50, "details": details}))
    assert [(one.item, one.score) for one in found.items] == [("0", 1.0), ("1", 0.0)]


def test_filters_of_the_harness_are_never_mixed(tmp_path: Path) -> None:
    """It writes each sample once a filter: both at once would count each sample twice."""
    rows = [
        {"doc_id": n, "filter": name, "metrics": ["exact_match"], "exact_match": float(n)}
        for name in ("strict", "loose")
        for n in (0, 1)
    ]
    path = written(tmp_path, "samples.jsonl", "\n".join(map(json.dumps, rows)))
    with pytest.raises(Malformed, match="several filters: loose, strict"):
        read_log(path)
    assert len(read_log(path, "exact_match,strict").items) == 2


def test_a_sample_that_stands_twice_is_refused_with_both_lines(tmp_path: Path) -> None:
    """Which of the two is meant, nobody can say."""
    row = json.dumps({"doc_id": 7, "metrics": ["acc"], "acc": 1.0})
    path = written(tmp_path, "samples.jsonl", f"{row}\n\n{row}\n")
    with pytest.raises(Malformed, match=r"`7` of .* stands at 3 and at 1"):
        read_log(path)


def test_an_unfinished_inspect_log_is_refused(tmp_path: Path) -> None:
    """What is missing would leave the denominator."""
    log = json.loads(real("ports-inspect.json").read_text())
    del log["samples"][0]
    with pytest.raises(Malformed, match="4 samples of a run of 5"):
        read_log(written(tmp_path, "log.json", log))


def test_an_answer_of_a_filter_is_blocked_and_no_wrong_answer(tmp_path: Path) -> None:
    """Inspect says so by the stop reason."""
    log = json.loads(real("ports-inspect.json").read_text())
    log["samples"][0]["output"]["choices"][0]["stop_reason"] = "content_filter"
    found = read_log(written(tmp_path, "log.json", log))
    assert found.outcomes(found.models[0]) == {"blocked": 1, "failed": 1, "scored": 3}


@pytest.mark.parametrize(
    ("text", "match"),
    [
        ('{"details": [{"correct": NaN}]}', "`NaN` is no number"),
        ('{"details": [{"correct": 1e999}]}', "too large"),
        ('{"details": [{"correct": "yes"}]}', "of type str"),
        ('{"details": [{"correct": null}]}', "missing"),
        ('{"details": [], "details": []}', "stands there twice"),
        ('{"details": []}', "no sample"),
        ("[" * 5000 + "]" * 5000, "too deeply"),
        ('{"other": 1}', "no log that can be read"),
        ("\udcff{}".encode("utf-8", "surrogatepass").decode("latin-1"), "is no log"),
    ],
)
def test_a_broken_document_is_refused(tmp_path: Path, text: str, match: str) -> None:
    """Nothing is guessed, and no row is skipped."""
    with pytest.raises(Malformed, match=match):
        read_log(written(tmp_path, "log.json", text))


def test_brackets_inside_a_text_are_no_nesting(tmp_path: Path) -> None:
    """A model may well have written many of them."""
    text = "[" * 500 + '\\"' + "{" * 500
    assert document(json.dumps({"answer": text}).encode(), tmp_path) == {"answer": text}


def test_an_archive_that_unpacks_to_too_much_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The bound holds over all members together, by what comes out and not by what is claimed."""
    monkeypatch.setattr(archives, "MAX_BYTES", 10_000)
    path = tmp_path / "log.eval"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("header.json", json.dumps({"pad": "x" * 20_000}))
    with pytest.raises(Malformed, match="more than 10000 bytes"):
        read_log(path)


@given(data=st.binary(max_size=300), suffix=st.sampled_from([".json", ".jsonl", ".eval"]))
def test_whatever_the_bytes_an_error_of_ours_explains_them(
    tmp_path_factory: pytest.TempPathFactory, data: bytes, suffix: str
) -> None:
    """A log of others is never trusted."""
    path = tmp_path_factory.mktemp("logs") / f"log{suffix}"
    path.write_bytes(data)
    for reader in (lambda p, _: read_log(p), *READERS.values()):
        with pytest.raises(PratiqueError):
            reader(path, "")


def test_evidence_comes_back_as_it_was_kept_and_once(opened: Opened) -> None:
    """It stays marked as imported; the same bytes are never counted twice."""
    log = read_log(real("ports-inspect.json"))
    now = datetime(2026, 11, 2, tzinfo=UTC)
    kept = taken_in(log, market="CN", feature="summarize", locale="en", who="ada", now=now)
    with opened.database.begin() as connection:
        keep_evidence(connection, kept)
    with opened.database.connect() as connection:
        assert all_evidence(connection) == (kept,)
        assert all_evidence(connection)[0].origin == "imported"
    with pytest.raises(NotAllowed, match="imported before"), opened.database.begin() as connection:
        keep_evidence(connection, kept)


def one(item: str, model: str, score: float, repeat: int = 1, task: str = "ports") -> Imported:
    """Return an imported sample."""
    return Imported(
        item=item,
        model=model,
        repeat=repeat,
        score=score,
        outcome="scored",
        tool="inspect",
        version="",
        task=task,
        metric="match",
        log="sha256:0",
    )


def test_the_replay_log_has_a_column_a_model_and_empty_where_it_was_not_run() -> None:
    """Names with commas stay one field; a sample asked twice stands with its mean."""
    text = replay_log([one("a,b", "x", 1), one("a,b", "x", 0, 2), one("c", "y", 0)])
    assert list(csv.reader(io.StringIO(text))) == [
        ["item", "x", "y"],
        ["a,b", "0.5", ""],
        ["c", "", "0"],
    ]


def test_a_replay_log_mixes_no_tasks_and_no_second_opinion() -> None:
    """Items of two tasks may share a name and are not the same question."""
    with pytest.raises(Malformed, match="several tasks"):
        replay_log([one("a", "x", 1), one("a", "x", 1, task="other")])
    with pytest.raises(Malformed, match="stands in two logs"):
        replay_log([one("a", "x", 1), one("a", "x", 0)])


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    """The path is in the message."""
    with pytest.raises(NotFound, match=r"nothing\.eval"):
        read_log(tmp_path / "nothing.eval")


def test_a_log_says_which_models_it_holds() -> None:
    """In the order in which they appear."""
    log = Log(
        digest="d",
        file="f",
        tool="inspect",
        version="",
        task="t",
        metric="m",
        items=(one("a", "y", 1), one("a", "x", 0)),
    )
    assert log.models == ("y", "x")


def test_a_member_whose_packing_is_broken_is_named(tmp_path: Path) -> None:
    """The unpacker trips over it before any checksum does; the file is named, nothing crashes."""
    path = tmp_path / "log.eval"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("header.json", bytes(range(256)) * 40)
    data = bytearray(path.read_bytes())
    packed = 30 + len("header.json")
    data[packed] = 0xFF
    with pytest.raises(Malformed, match=r"log\.eval"):
        archives.Archive(bytes(data), path).read("header.json")
