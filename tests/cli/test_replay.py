"""`pratique replay`: one JSON document, and errors that say where."""

import json
from pathlib import Path

import numpy as np
import pytest

from tests.cli.test_cli import process
from tests.program import pratique

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


def test_a_replay_is_the_same_in_another_process(log: Path) -> None:
    """It depends on the log and the seed alone."""
    told = ("--log", str(log), "--scale", "0:25", "--lower-is-better", "--skip", "kind")
    words = ("replay", "pair", *told, "--runs", "50", "--json")
    done = process(*words)
    assert done.returncode == 0, done.stderr
    assert pratique(*words).stdout == done.stdout


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


@pytest.fixture(scope="module")
def articles(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four invented models on one to four questions about each of 60 articles; articles are passed whole."""
    rng = np.random.default_rng(2)
    path = tmp_path_factory.mktemp("replay") / "articles.csv"
    lines = ["item,article,alder,birch,cedar,elm"]
    for article in range(60):
        cells = ",".join(str(int(rng.random() < 0.4 + 0.12 * n)) for n in range(4))
        lines += [f"i{article}-{n},a{article},{cells}" for n in range(1 + article % 4)]
    path.write_text("\n".join([*lines, "alone,,1,1,0,1"]) + "\n", encoding="utf-8")
    return path


@pytest.mark.parametrize("truth", ["bank", "population"])
@pytest.mark.parametrize("decision", ["pair", "gate", "choice"])
def test_a_replay_by_clusters_says_what_they_change(
    articles: Path, decision: str, truth: str
) -> None:
    """The same draws without regard to clusters end sooner, and are wrong more often."""
    told = ("--log", str(articles), "--scale", "0:1", "--cluster", "article", "--truth", truth)
    done = pratique("replay", decision, *told, "--runs", "300", "--json")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert set(found) == FIELDS | {"clusters"}
    clusters = found["clusters"]
    assert (clusters["clusters"], clusters["items"], clusters["largest"]) == (61, 151, 4)
    assert found["wrong"] <= 0.05
    assert clusters["one_by_one"]["wrong"] > found["wrong"]
    assert clusters["one_by_one"]["mean_calls"] < found["mean_calls"]
    shown = pratique("replay", decision, *told, "--runs", "50")
    assert "drawn by 61 clusters of 151 items (largest 4)" in shown.stdout


@pytest.mark.parametrize(
    ("words", "refused"),
    [
        (("--cluster", "chapter"), "no column `chapter`"),
        (("--cluster", "article", "--history"), "history says something of an item"),
    ],
)
def test_a_cluster_that_cannot_be_is_refused(
    articles: Path, words: tuple[str, ...], refused: str
) -> None:
    """A column that is not there; history, which speaks of items."""
    done = pratique("replay", "pair", "--log", str(articles), "--scale", "0:1", *words)
    assert done.returncode != 0
    assert refused in done.stderr
