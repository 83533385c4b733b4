"""Exports: whatever a run holds is in each form, with failed calls told from wrong answers."""

import json
from xml.etree import ElementTree

import msgspec
import pytest

from pratique.errors import NotFound
from pratique.evals.exports.checked import group_of
from pratique.evals.exports.inspect import inspect_log
from pratique.evals.exports.junit import junit
from pratique.evals.exports.runs import KeptRun, kept_run
from pratique.evals.exports.sarif import sarif
from pratique.evals.outcomes import Result, RunKey, keep, open_run
from pratique.workspace.opened import Opened

KEY = RunKey(
    market="CN",
    feature="summarize",
    locale="en",
    candidate="tidewater/<heron>",
    digest="sha256:v",
    suite="sha256:s",
    seed=1,
)

HOSTILE = 'a \x00\x1b ]]> <b> & " \ud7ff\ufffe 👍'


def result(position: int, **changes: object) -> Result:
    """Return a result, passed unless *changes* say otherwise."""
    base = Result(
        position=position,
        sample_id=f"s{position}",
        outcome="scored",
        reply="ok",
        met=True,
        share=1.0,
        why="",
        output={"summary": "x"},
        draft="x",
        checks=(),
        seconds=0.5,
        input_tokens=3,
        output_tokens=2,
        asked=1,
    )
    return msgspec.structs.replace(base, **changes)


RUN = KeptRun(
    key=KEY,
    created="2026-11-02T10:00:00.000000Z",
    results=(
        result(0),
        result(1, met=False, why=HOSTILE),
        result(2, outcome="refused", met=False, output=None, why="refused"),
        result(3, outcome="failed", met=False, output=None, reply="timeout", draft=""),
    ),
)


def test_an_inspect_log_counts_every_sample() -> None:
    """A failed call is a sample with an error and stands in the accuracy's denominator."""
    log = json.loads(inspect_log(RUN))
    assert log["results"]["total_samples"] == 4
    assert log["results"]["scores"][0]["metrics"]["accuracy"]["value"] == 0.25
    values = [one["scores"].get("pratique", {}).get("value") for one in log["samples"]]
    assert values == ["C", "I", "I", None]
    assert log["samples"][3]["error"]["message"] == "timeout"


def test_an_inspect_log_of_ours_is_read_by_our_own_importer(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """What goes out comes in again with the same scores."""
    from pratique.evals.imports.formats import read_log

    path = tmp_path_factory.mktemp("log") / "run.json"
    path.write_bytes(inspect_log(RUN))
    found = read_log(path)
    assert [(one.item, one.score, one.outcome) for one in found.items] == [
        ("s0", 1.0, "scored"),
        ("s1", 0.0, "scored"),
        ("s2", 0.0, "scored"),
        ("s3", 0.0, "failed"),
    ]


def test_junit_tells_a_failed_call_from_a_wrong_answer() -> None:
    """Pipelines show errors and failures apart; hostile text leaves the file well-formed."""
    root = ElementTree.fromstring(junit([group_of(RUN)]))  # noqa: S314  (made here)
    assert (root.get("tests"), root.get("failures"), root.get("errors")) == ("4", "2", "1")
    (suite,) = root
    kinds = [[child.tag for child in one if child.tag != "properties"] for one in suite[1:]]
    assert kinds == [[], ["failure"], ["failure"], ["error"]]
    assert "👍" in str(suite[2].find("failure").get("message"))  # type: ignore[union-attr]


def test_sarif_names_each_failing_sample_once_and_for_good() -> None:
    """A host follows a result over runs by its fingerprint: it must not hang on the run."""
    first, again = json.loads(sarif([group_of(RUN)])), json.loads(sarif([group_of(RUN)]))
    results = first["runs"][0]["results"]
    assert first["version"] == "2.1.0"
    assert [one["level"] for one in results] == ["error", "error", "warning"]
    prints = [one["partialFingerprints"]["pratique/v1"] for one in results]
    assert len(set(prints)) == 3
    assert first == again
    rules = first["runs"][0]["tool"]["driver"]["rules"]
    assert all(rules[one["ruleIndex"]]["id"] == one["ruleId"] for one in results)
    assert first["runs"][0]["properties"]["checks"] == 4


def test_a_run_comes_out_of_the_store_whole(opened: Opened) -> None:
    """Every result is there, in the order of drawing."""
    with opened.database.begin() as connection:
        open_run(connection, KEY, opened.clock())
        for one in reversed(RUN.results):
            keep(connection, KEY.id, one, opened.clock())
    with opened.database.connect() as connection:
        found = kept_run(connection, KEY.id)
        assert [one.sample_id for one in found.results] == ["s0", "s1", "s2", "s3"]
        with pytest.raises(NotFound, match="no run `run-none`"):
            kept_run(connection, "run-none")
