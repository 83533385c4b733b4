"""`pratique replay`: one JSON document, and errors that say where."""

import json
from pathlib import Path

import numpy as np
import pytest

from tests.cli.test_cli import pratique

FIELDS = {
    "decision",
    "log",
    "runs",
    "mean_calls",
    "full_calls",
    "fixed_calls",
    "ratio_full",
    "ratio_fixed",
    "wrong",
    "wrong_upper95",
    "undecided",
    "by_gap",
}


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Penalties of five invented models on 120 items, some cells not run."""
    rng = np.random.default_rng(1)
    path = tmp_path_factory.mktemp("replay") / "log.csv"
    lines = ["item,kind,alder,birch,cedar,constant,elm"]
    for item in range(120):
        cells = [f"{rng.integers(0, 5 + 4 * n)}" for n in range(3)]
        lines.append(f"i{item},short,{','.join(cells)},3,{'' if item % 7 == 0 else item % 4}")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


@pytest.mark.parametrize(
    "words",
    [
        ("pair",),
        ("pair", "--history", "--concurrency", "16"),
        ("pair", "--truth", "population", "--top", "3"),
        ("gate", "--bar", "4"),
        ("gate", "--history"),
        ("choice", "--k", "8", "--history"),
    ],
)
def test_a_replay_prints_its_figures(log: Path, words: tuple[str, ...]) -> None:
    """Every decision, on a scale of penalties with a constant column and cells not run."""
    told = ("--log", str(log), "--scale", "0:25", "--lower-is-better", "--skip", "kind")
    done = pratique("replay", *words, *told, "--runs", "200", "--json")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert set(found) == FIELDS
    assert found["runs"] == 200
    assert found["ratio_full"] == pytest.approx(found["full_calls"] / found["mean_calls"])
    assert found["ratio_full"] >= 1.0
    assert found["wrong"] <= 0.05
    assert sum(band["runs"] for band in found["by_gap"].values()) == 200
    assert pratique("replay", *words, *told, "--runs", "200", "--json").stdout == done.stdout


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--scale", "0:25"), "`short` in column `kind` is no number"),
        (("--scale", "0:2", "--skip", "kind"), "is outside the scale 0:2"),
        (("--scale", "25", "--skip", "kind"), "scale `25` is not LOW:HIGH"),
        (("--scale", "0:25", "--skip", "kind", "--delta", "5"), "delta 5.0 is no share"),
        (("--scale", "0:25", "--skip", "kind", "--alpha", "0"), "alpha 0.0"),
        (("--scale", "0:25", "--skip", "kind", "--runs", "0"), "runs 0"),
    ],
)
def test_what_cannot_be_replayed_is_told(log: Path, words: tuple[str, ...], message: str) -> None:
    """The thing, the value, what to do."""
    done = pratique("replay", "pair", "--log", str(log), *words)
    assert done.returncode == 1
    assert message in done.stderr
    assert "hint:" in done.stderr
