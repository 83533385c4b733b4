"""The report: words in both languages, pictures that stand by themselves."""

import ast
import re
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

import msgspec
import pytest

from pratique.rehearsal.story import pictures
from pratique.rehearsal.story.others import Climbed
from pratique.rehearsal.story.primary import Course, Point
from pratique.rehearsal.story.ramp import Look
from pratique.rehearsal.story.reading import Found
from pratique.rehearsal.story.road import Link
from pratique.rehearsal.story.telling import Telling
from pratique.rehearsal.story.words import LANGUAGES, Language, read_words

WORDS = read_words()
CODE = Path(pictures.__file__).parent

COURSE = Course(
    points=(
        Point(model="one", day=date(2027, 1, 4), passed=149, samples=240),
        Point(model="two", day=date(2027, 4, 12), passed=158, samples=240),
    ),
    bar=0.88,
    milestone="launch",
    date=date(2028, 6, 30),
    planned=(0.7, 0.65, 0.75),
    verdict="PROGRESS_BELOW_STANDARD",
)
FOUND = Found(
    candidate="simulated-<x>/m",
    feature="photo_query",
    locale="en",
    finding="meets",
    estimate=0.9,
    low=0.89,
    high=0.95,
    bar=0.88,
    samples=120,
    digest="sha256:0",
    run_id="run-1",
    full_calls=480,
)
LOOK = Look(
    release="CN-photo_query-en-1",
    stage="1 %",
    hours=49,
    fraction=0.01,
    requests=160,
    refused=0.0,
    low=0.0,
    high=0.05,
    limit=0.1,
    said=("pass",),
    state="on",
)
LOOKS = (
    LOOK,
    msgspec.structs.replace(
        LOOK, stage="10 %", fraction=0.1, refused=0.3, low=0.15, high=0.5, state="halted"
    ),
)


def drawn(language: Language) -> list[str]:
    """Return one picture of each kind."""
    steps = [
        Climbed(rate=1, requests=60, first_token_p95=0.2, state="met"),
        Climbed(rate=6, requests=60, first_token_p95=None, state="missed"),
    ]
    return [
        pictures.verdicts([FOUND], WORDS, language),
        pictures.progress(COURSE, WORDS, language),
        pictures.load({"simulated-a/m": steps, "simulated-b/m": steps[:1]}, WORDS, language),
        pictures.ramp(LOOKS, WORDS, language),
        pictures.road([Link(what="answer", name="ok & <b>", where="POST")], WORDS, language),
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_picture_is_whole_and_says_that_it_is_simulated(language: Language) -> None:
    """It is looked at beside a page, too, where nothing else says so."""
    for picture in drawn(language):
        tree = ElementTree.fromstring(picture)  # noqa: S314  (made here)
        texts = [one.text or "" for one in tree.iter("{http://www.w3.org/2000/svg}text")]
        assert "simulated" in texts
        assert "style" not in picture


def test_every_step_of_the_story_has_words() -> None:
    """A step without a sentence would break the report at its end."""
    told = set()
    for path in CODE.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
                continue
            if node.func.attr == "see":
                told |= set(re.findall(r"'([a-z_]+)'", ast.unparse(node.args[0])))
    assert told == set(WORDS.steps)
    for said in (*WORDS.steps.values(), *WORDS.chapters.values(), *WORDS.page.values()):
        assert set(said) == set(LANGUAGES)


def test_a_step_tells_its_figures_and_what_was_expected() -> None:
    """What did not come to what it must is no step that went well."""
    lines: list[str] = []
    telling = Telling(lines.append)
    telling.begin("halted")
    assert not telling.see("off", date(2028, 7, 4), "feature_halted", "ok", asked=20)
    assert "✗" in lines[-1]
    assert "expected feature_halted" in lines[-1]
    assert "ok" in WORDS.sentence(telling.steps[0], "en")
