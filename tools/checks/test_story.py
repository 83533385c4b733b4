"""The whole story, rehearsed as an operator would: `pratique rehearse story`, twice with one seed."""

import json
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

import msgspec
import pytest

from pratique.rehearsal.story.words import LANGUAGES
from pratique.store.figures import Figure

Document = Mapping[str, object]


def _told(folder: Path, seed: int) -> Document:
    command = [sys.executable, "-m", "pratique", "rehearse", "story", "--json"]
    ran = subprocess.run(
        [*command, "--seed", str(seed), "--dir", str(folder)], capture_output=True, check=False
    )
    assert ran.returncode == 0, ran.stderr.decode()[-3000:]
    found: Document = json.loads(ran.stdout)
    return found


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return where the stories of this module are told."""
    return tmp_path_factory.mktemp("stories")


@pytest.fixture(scope="module")
def told(place: Path) -> Document:
    """Return the story with seed 1."""
    return _told(place / "story", 1)


def test_every_step_comes_to_what_it_must(told: Document) -> None:
    """Dropped, passed over, chosen, filed, refused, approved, halted, mended, off, switched, proved."""
    steps = told["steps"]
    assert isinstance(steps, list)
    assert [one["id"] for one in steps if not one["ok"]] == []
    assert {one["id"] for one in steps} >= {
        "primary_dropped",
        "support_missed",
        "retired_passed_over",
        "chosen",
        "too_early",
        "halted",
        "carried_over",
        "noticed",
        "nothing_touched",
        "verified",
        "figures_again",
    }


def test_no_request_is_lost(told: Document) -> None:
    """Each request of each device has an answer of ours."""
    requests = told["requests"]
    assert isinstance(requests, dict)
    assert requests["ok"] > 500
    assert "lost" not in requests


def test_the_same_seed_tells_the_same_story(told: Document, place: Path) -> None:
    """All but durations follow from the seed."""
    again = _told(place / "again", 1)
    assert _steady(again) == _steady(told)


def _steady(told: Document) -> Document:
    """Return all that does not depend on how much was asked under load."""
    figures = told["figures"]
    assert isinstance(figures, list)
    steady = [one for one in figures if one["kinds"] != ["release"]]
    return {**told, "seconds": 0, "requests": {}, "figures": steady}


def test_verify_gives_every_figure_of_the_report(told: Document, place: Path) -> None:
    """Asked by itself, offline: each figure is there, with the very value."""
    figures = told["figures"]
    assert isinstance(figures, list) and len(figures) > 400
    verified = _verified(place / "story")
    made = {(one.about, one.name, one.value) for one in verified.figures}
    assert verified.faults == ()
    assert [one for one in figures if (one["about"], one["name"], one["told"]) not in made] == []
    kinds = {kind for one in figures for kind in one["kinds"]}
    assert kinds >= {"assessment", "forecast", "capacity", "probe", "trial", "evaluation"}


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        (
            "UPDATE eval_outcomes SET met = 1 - met WHERE position = 7",
            ("finding ", "`forecast-", "is given as"),
        ),
        (
            'UPDATE support_records SET body = replace(body, \'"status":"ok"\', \'"status":"unavailable"\')'
            " WHERE kind = 'probe'",
            ("`probe-", "its record was changed", "sustained_rate, state is given as met"),
        ),
        (
            "UPDATE release_counts SET refusals = 1 WHERE refusals > 20",
            ("refusals was ", "when the rules looked"),
        ),
        ("UPDATE trial_verdicts SET counted = 1 - counted", ("what its judges said",)),
    ],
)
def test_a_changed_record_is_told_by_name(
    told: Document, place: Path, tmp_path: Path, statement: str, words: tuple[str, ...]
) -> None:
    """Outcomes, requests of a probe, counts of the ramp, verdicts of a test."""
    assert told["ok"]
    shop = tmp_path / "story"
    shutil.copytree(place / "story", shop)
    with closing(sqlite3.connect(shop / "state" / "pratique.db", isolation_level=None)) as raw:
        assert raw.execute(statement).rowcount > 0
    faults = "\n".join(_verified(shop).faults)
    assert all(one in faults for one in words)


class _Verified(msgspec.Struct, frozen=True, kw_only=True):
    figures: tuple[Figure, ...]
    faults: tuple[str, ...]


def _verified(shop: Path) -> _Verified:
    command = [sys.executable, "-m", "pratique", "verify", "--figures", "--json"]
    ran = subprocess.run([*command, "--workspace", str(shop)], capture_output=True, check=False)
    return msgspec.json.decode(ran.stdout, type=_Verified)


@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_stand_by_themselves_and_are_marked(
    told: Document, place: Path, language: str
) -> None:
    """A page holds its pictures, calls nothing from outside, and says that it is simulated."""
    assert told["simulated"]
    page = (place / "story" / f"story.{language}.html").read_text(encoding="utf-8")
    assert page.count("<svg") == 5
    assert "simulated" in page[:400]
    assert "src=" not in page
    assert "<link" not in page
    assert "<script" not in page
