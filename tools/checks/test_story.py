"""The whole story, rehearsed as an operator would: `pratique rehearse story`, twice with one seed."""

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from pratique.rehearsal.story.words import LANGUAGES

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
    assert {**again, "seconds": 0, "requests": {}} == {**told, "seconds": 0, "requests": {}}


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
