"""`pratique rate`: from a run to blind sheets, back again, and to what people's ratings come to."""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from openpyxl import load_workbook

from pratique.cli.rate import rate
from pratique.errors import Malformed, NotAllowed, NotFound
from pratique.evals.outcomes import Result, RunKey, keep, open_run
from pratique.evals.suites import packaged as packaged_suites
from pratique.evals.suites import read_suite
from pratique.features.packs import packaged, read_pack
from pratique.store.database import Database
from pratique.workspace.init import init

NOW = datetime(2026, 11, 2, 10, 0, tzinfo=UTC)
REFUSED = 3
"""Samples that each run refused, among its first 12."""


def clock() -> datetime:
    """Tell the time."""
    return NOW


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A workspace with two runs on one suite: 12 samples each, of which 3 were refused."""
    workspace = init(tmp_path / "shop", rehearsal=True, clock=clock)
    pack = read_pack(packaged() / "summarize")
    suite = read_suite([packaged_suites()], "summarize", "en", pack.input_schema)
    database = Database.open(workspace.state / "pratique.db")
    with database.begin() as connection:
        for name in ("good", "poor"):
            key = key_of(name, suite.digest)
            open_run(connection, key, NOW)
            for position, sample in enumerate(suite.samples[:12]):
                keep(connection, key.id, result(name, position, sample.id), NOW)
    database.close()
    return workspace.folder


def key_of(name: str, suite: str) -> RunKey:
    """Return the key of a run by an invented model."""
    return RunKey(
        market="CN",
        feature="summarize",
        locale="en",
        candidate=f"simulated-harbour/{name}",
        digest=f"sha256:{name}",
        suite=suite,
        seed=1,
    )


def result(name: str, position: int, sample: str) -> Result:
    """Return an outcome: every fourth was refused."""
    refused = position % 4 == 3
    text = f"A {name} summary of number {position}."
    return Result(
        position=position,
        sample_id=sample,
        outcome="refused" if refused else "scored",
        reply="refused" if refused else "ok",
        met=not refused,
        share=0.0 if refused else 1.0,
        why="",
        output=None if refused else {"summary": text},
        draft="" if refused else text,
        checks=(),
        seconds=0.1,
        input_tokens=1,
        output_tokens=1,
        asked=1,
    )


def run_of(shop: Path, name: str) -> str:
    """Return the id of a run."""
    pack = read_pack(packaged() / "summarize")
    suite = read_suite([packaged_suites()], "summarize", "en", pack.input_schema)
    return key_of(name, suite.digest).id


def rating(shop: Path, *words: str) -> Mapping[str, object]:
    """Run a verb and return its JSON document."""
    done = CliRunner().invoke(rate, [*words, "--workspace", str(shop), "--json"])
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    assert done.exit_code == 0, done.output
    found: Mapping[str, object] = json.loads(done.stdout)
    return found


def rate_rows(path: Path, value: Callable[[tuple[str, ...]], int]) -> None:
    """Enter a rating in each row, by its texts."""
    book = load_workbook(path)
    page = book.worksheets[0]
    header = next(n for n in range(1, 20) if page.cell(n, 1).value in ("No.", "序号"))
    headings = [cell.value for cell in page[header]]
    column = next(n for n, text in enumerate(headings, 1) if text in ("Rating", "评分"))
    for row in range(header + 1, page.max_row + 1):
        texts = tuple(str(page.cell(row, n).value) for n in range(2, column))
        page.cell(row, column).value = value(texts)
    book.save(path)


def sheets(found: Mapping[str, object]) -> dict[str, Path]:
    """Return the files of the sheets by rater."""
    named = found["sheets"]
    assert isinstance(named, dict)
    return {rater: Path(path) for rater, path in named.items()}


def test_a_run_is_rated_by_two_and_decided_by_a_third(shop: Path, tmp_path: Path) -> None:
    """Refused samples are on no sheet and stay in the count."""
    words = ("--raters", "ada,bo", "--samples", "12", "--out", str(tmp_path / "out"))
    found = rating(shop, "out", "--run", run_of(shop, "good"), *words)
    assert (found["items"], found["unanswered"]) == (12 - REFUSED, REFUSED)
    paths = sheets(found)
    rate_rows(paths["ada"], lambda _: 4)
    rate_rows(paths["bo"], lambda texts: 2 if "number 5" in texts[1] else 4)
    rating(shop, "in", str(paths["ada"]), str(paths["bo"]))
    (before,) = status(shop)
    assert (before["disputed"], before["settled"]) == (1, 12 - REFUSED - 1)
    batch = str(found["batch"])
    assert rating(shop, "status", batch)["results"] == {}
    decided = rating(shop, "adjudicate", batch, "--by", "cy", "--out", str(tmp_path / "out"))
    assert decided["items"] == 1
    rate_rows(Path(str(decided["sheet"])), lambda _: 1)
    rating(shop, "in", str(decided["sheet"]))
    results = rating(shop, "status", batch)["results"]
    assert isinstance(results, dict)
    final = results[batch]
    assert final["candidate"] == "simulated-harbour/good"
    assert final["share"] == pytest.approx((12 - REFUSED - 1) / 12)
    assert (final["samples"], final["unanswered"]) == (12, REFUSED)


def status(shop: Path) -> list[dict[str, object]]:
    """Return what `status` says of each batch."""
    found = rating(shop, "status")["batches"]
    assert isinstance(found, list)
    return found


def test_a_pair_is_rated_without_names(shop: Path, tmp_path: Path) -> None:
    """Which run an answer is of stands in no sheet; the result knows."""
    good, poor = run_of(shop, "good"), run_of(shop, "poor")
    words = ("--raters", "ada,bo", "--samples", "12", "--out", str(tmp_path / "out"))
    found = rating(shop, "out", "--run", good, "--against", poor, "--language", "zh", *words)
    for path in sheets(found).values():
        everything = "".join(
            str(cell.value) for row in load_workbook(path).worksheets[0].iter_rows() for cell in row
        )
        assert "simulated-" not in everything and "run-" not in everything
        rate_rows(path, lambda texts: 1 if "good" in texts[1] else 3)
        rating(shop, "in", str(path))
    results = rating(shop, "status")["results"]
    assert isinstance(results, dict)
    (final,) = results.values()
    assert (final["run"], final["against"]) == (good, poor)
    assert final["share"] == pytest.approx((12 - REFUSED + REFUSED / 2) / 12)
    assert final["order"]["finding"] == "not shown"


def test_an_altered_sheet_keeps_nothing(shop: Path, tmp_path: Path) -> None:
    """Two sheets come in together or not at all."""
    words = ("--raters", "ada,bo", "--samples", "12", "--out", str(tmp_path / "out"))
    paths = sheets(rating(shop, "out", "--run", run_of(shop, "good"), *words))
    rate_rows(paths["ada"], lambda _: 4)
    rate_rows(paths["bo"], lambda _: 9)
    with pytest.raises(Malformed, match="column D: rating `9` is none of 1, 2, 3, 4"):
        rating(shop, "in", str(paths["ada"]), str(paths["bo"]))
    (batch,) = status(shop)
    assert batch["awaited"] == ["ada", "bo"]
    with pytest.raises(NotAllowed, match="not back yet"):
        rating(shop, "adjudicate", str(batch["batch"]), "--by", "cy", "--out", str(tmp_path))


@pytest.mark.parametrize(
    ("words", "error"),
    [
        (("--run", "run-0", "--raters", "ada,bo"), NotFound),
        (("--run", "good", "--raters", "ada"), Malformed),
        (("--run", "good", "--raters", "ada,ada"), Malformed),
        (("--run", "good", "--raters", "ada,b/o"), Malformed),
        (("--run", "good", "--raters", "ada,bo", "--rubric", "taste"), NotFound),
        (("--run", "good", "--against", "good", "--raters", "ada,bo"), NotAllowed),
    ],
)
def test_what_cannot_be_rated_is_refused(
    shop: Path, tmp_path: Path, words: tuple[str, ...], error: type[Exception]
) -> None:
    """And no sheet and no batch is left behind."""
    filled = [run_of(shop, word) if word == "good" else word for word in words]
    with pytest.raises(error):
        rating(shop, "out", *filled, "--out", str(tmp_path / "out"))
    assert status(shop) == [] and not (tmp_path / "out").exists()
