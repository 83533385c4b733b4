"""Suites: every sample is whole, and a broken one is named by file and line."""

from pathlib import Path

import pytest

from pratique.errors import Malformed, NotFound
from pratique.evals.scorers import SCORERS, Target
from pratique.evals.suites import (
    Suite,
    locales_of,
    packaged,
    read_development,
    read_suite,
    suites_of,
)
from pratique.features.packs import find_packs, read_pack
from pratique.features.packs import packaged as packaged_packs

PACKS = {name: read_pack(folder) for name, folder in find_packs([packaged_packs()]).items()}
SUITES = [(name, locale) for name, pack in PACKS.items() for locale in pack.locales]

SCHEMA: dict[str, object] = {
    "type": "object",
    "properties": {"text": {"type": "string"}},
    "required": ["text"],
}
GOOD = '{"id": "a-1", "input": {"text": "x"}, "target": {"accept": ["y"]}, "why": "because"}'


def suite_of(name: str, locale: str) -> Suite:
    """Return a suite that comes with the product."""
    return read_suite([packaged()], name, locale, PACKS[name].input_schema)


@pytest.mark.parametrize(("name", "locale"), SUITES)
def test_every_feature_has_enough_samples_by_hand(name: str, locale: str) -> None:
    """Sixty in en and zh-Hans, thirty in zh-Hant, each with a target, a reason and an input of its own."""
    suite = suite_of(name, locale)
    assert len(suite.samples) >= (30 if locale == "zh-Hant" else 60)
    assert not any(sample.generated for sample in suite.samples)
    inputs = {str(sample.input) for sample in suite.samples}
    assert len(inputs) == len(suite.samples)
    assert all(sample.why.strip() for sample in suite.samples)
    assert all(sample.id.startswith(f"{name}-{locale}-") for sample in suite.samples)


@pytest.mark.parametrize(("name", "locale"), SUITES)
def test_development_samples_are_none_of_the_sealed_ones(name: str, locale: str) -> None:
    """What somebody tuned to must not count in a verdict."""
    sealed = suite_of(name, locale)
    found = read_development(packaged(), sealed, PACKS[name].input_schema)
    if found is not None:
        assert {s.id for s in found.samples}.isdisjoint(s.id for s in sealed.samples)
        assert all(s.id.startswith(f"{name}-{locale}-") for s in found.samples)


@pytest.mark.parametrize(("name", "locale"), SUITES)
def test_an_empty_answer_meets_no_target(name: str, locale: str) -> None:
    """A target that anything meets measures nothing."""
    suite = suite_of(name, locale)
    scorer = SCORERS[suite.file.scorer]
    empty = {"text": "", "line": "", "covers": [], "suppressed": False}
    assert not any(
        scorer.score(sample.target, sample.input, empty).met
        for sample in suite.samples
        if (sample.target.must or not sample.target.never) and sample.target.questions != ()
    )


@pytest.mark.parametrize("locale", ["en", "zh-Hans", "zh-Hant"])
def test_the_false_headlines_are_enough_and_generated(locale: str) -> None:
    """A bar of 99.9 % takes thousands of samples, each different and each certain by its pattern."""
    schema = PACKS["notification_summary"].input_schema
    suite = read_suite([packaged()], "false_headline", locale, schema)
    assert suite.file.feature == "notification_summary"
    assert len(suite.samples) >= 7_000
    assert all(sample.generated and sample.target.never for sample in suite.samples)
    assert len({str(sample.input) for sample in suite.samples}) == len(suite.samples)
    assert suite == read_suite([packaged()], "false_headline", locale, schema)


def test_the_suites_of_a_feature_are_found() -> None:
    """Its own first; another folder's may measure it, too."""
    assert suites_of([packaged()], "notification_summary") == [
        "notification_summary",
        "false_headline",
    ]
    assert suites_of([packaged()], "priority") == ["priority"]


@pytest.mark.parametrize(("name", "locale"), SUITES)
def test_a_run_draws_every_sample_once(name: str, locale: str) -> None:
    """The seed fixes the order; another seed gives another."""
    suite = suite_of(name, locale)
    first, again, other = suite.order(1), suite.order(1), suite.order(2)
    assert first == again != other
    assert sorted(s.id for s in first) == sorted(s.id for s in suite.samples)


def written(folder: Path, *lines: str, suite: str = "") -> list[Path]:
    """Write a small suite and return where it is looked for."""
    (folder / "echo").mkdir()
    head = suite or 'feature = "echo"\nscorer = "accepted"\nrevision = 1\norigin = "test"\n'
    (folder / "echo" / "suite.toml").write_text(head)
    (folder / "echo" / "en.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return [folder]


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ([GOOD, "{"], r"en\.jsonl:2: not a sample"),
        ([GOOD, ""], r"en\.jsonl:2: an empty line"),
        ([GOOD, GOOD], r"en\.jsonl:2: sample `a-1` stands twice"),
        ([GOOD.replace('"why"', '"wy"')], r"en\.jsonl:1: not a sample: .*`wy`"),
        ([GOOD.replace('"text"', '"tex"')], r"en\.jsonl:1: `input` of `a-1`"),
        ([GOOD.replace('["y"]', "[]")], r"en\.jsonl:1: the target does not fit"),
        (
            [GOOD.replace('"accept": ["y"]', '"must": [["y"]], "accept": 3')],
            r"en\.jsonl:1: not a sample",
        ),
    ],
)
def test_a_broken_sample_is_an_error_never_a_smaller_set(
    tmp_path: Path, lines: list[str], message: str
) -> None:
    """A sample that is skipped would leave the denominator."""
    with pytest.raises(Malformed, match=message):
        read_suite(written(tmp_path, *lines), "echo", "en", SCHEMA)


@pytest.mark.parametrize(
    ("head", "message"),
    [
        (
            'feature = "echo"\nscorer = "acepted"\nrevision = 1\norigin = ""\n',
            "unknown scorer `acepted`",
        ),
        (
            'feature = "echo"\nscorer = "accepted"\nrevision = 9\norigin = ""\n',
            "has revision 1, not 9",
        ),
    ],
)
def test_a_suite_names_a_scorer_that_there_is(tmp_path: Path, head: str, message: str) -> None:
    """A scorer that changed makes earlier results void, and says so."""
    with pytest.raises(Malformed, match=message):
        read_suite(written(tmp_path, GOOD, suite=head), "echo", "en", SCHEMA)


def test_a_missing_locale_is_named(tmp_path: Path) -> None:
    """No other locale stands in for it."""
    with pytest.raises(NotFound, match=r"fr\.jsonl"):
        read_suite(written(tmp_path, GOOD), "echo", "fr", SCHEMA)


def test_one_changed_character_makes_another_suite(tmp_path: Path) -> None:
    """A result speaks of the samples it was measured on."""
    first = read_suite(written(tmp_path, GOOD), "echo", "en", SCHEMA)
    (tmp_path / "echo" / "en.jsonl").write_text(GOOD.replace('"y"', '"z"') + "\n")
    assert read_suite([tmp_path], "echo", "en", SCHEMA).digest != first.digest


@pytest.mark.parametrize(
    ("scorer", "target", "output", "met", "share"),
    [
        ("accepted", Target(accept=("a b",)), {"corrected": "a b "}, True, 1.0),
        ("accepted", Target(accept=("a b",)), {"corrected": "A b"}, False, 0.0),
        (
            "mentions",
            Target(must=(("thu", "thursday"), ("5 pm",))),
            {"summary": "On Thursday at 5 PM"},
            True,
            1.0,
        ),
        ("mentions", Target(must=(("thu",), ("5 pm",))), {"summary": "On Thursday"}, False, 0.5),
        (
            "mentions",
            Target(must=(("thu",), ("5 pm",)), need=1),
            {"summary": "On Thursday"},
            True,
            0.5,
        ),
        (
            "mentions",
            Target(must=(("thu",),), never=("friday",)),
            {"summary": "Thursday or Friday"},
            False,
            0.0,
        ),
        (
            "mentions",
            Target(must=(("好",), ("不",))),
            {"replies": ["好的", "不行", "等等"]},
            True,
            1.0,
        ),
        ("mentions", Target(must=(("ｏｋ",),)), {"replies": ["OK"]}, True, 1.0),
        ("urgency", Target(urgent=False), {"urgent": False}, True, 1.0),
        ("urgency", Target(urgent=False), {}, False, 0.0),
        ("urgency", Target(urgent=True), {"urgent": "true"}, False, 0.0),
    ],
)
def test_scorers_agree_with_scores_made_by_hand(
    scorer: str, target: Target, output: dict[str, object], met: bool, share: float
) -> None:
    """Worked examples, one row each."""
    found = SCORERS[scorer].score(target, {}, output)
    assert (found.met, found.share) == (met, share)


def test_a_suite_may_be_written_in_one_locale_alone(tmp_path: Path) -> None:
    """A workspace's own suite need not be in every locale of its feature; with no file all are asked."""
    folder = tmp_path / "own"
    folder.mkdir()
    head = 'feature = "priority"\nscorer = "urgency"\nrevision = 1\norigin = "by hand"\n'
    (folder / "suite.toml").write_text(head, encoding="utf-8")
    every = ("en", "zh-Hans")
    assert locales_of([tmp_path], "own", every) == every
    (folder / "zh-Hans.jsonl").write_text(GOOD, encoding="utf-8")
    assert locales_of([tmp_path], "own", every) == ("zh-Hans",)
    assert locales_of([packaged()], "false_headline", every) == every
