"""Evasions: what must be found, with its exact span, and what must not."""

import json
from pathlib import Path

import msgspec
import pytest

from pratique.screening.entries import HARD_VIEWS, Entry, WeakView
from pratique.screening.pack import pack_of
from pratique.screening.screen import Screen

_SHARED = Path(__file__).parents[3] / "shared/data/injection/keyword_evasion_cases.jsonl"
_OWN = Path(__file__).parent / "evasion_cases.jsonl"
_WEAK: tuple[WeakView, ...] = ("pinyin", "reversed", "leet", "split")
_SIGNALS = {
    *("base64", "hex", "html_entity", "unicode_escape", "url_encoded"),
    *("homophone_all", "homophone_one", "pinyin", "pinyin_mixed", "pinyin_spaced"),
    *("leet", "reversed", "split_glyph"),
}
"""Techniques that are noted; not initials below six letters, nor a rotated alphabet."""


class Case(msgspec.Struct):
    """One way to write a code word."""

    id: str
    """Name."""
    keyword: str
    """The code word."""
    expect: str
    """`must`, `tier2` or `must_not`."""
    technique: str
    """What was done to it."""
    text: str
    """Text that holds it."""
    span: tuple[int, int] | None = None
    """Code points that must be masked."""


def _cases(path: Path) -> list[Case]:
    if not path.is_file():
        pytest.skip("the shared evasion set is not beside the repository")
    return [
        msgspec.convert(json.loads(line), Case) for line in path.read_text("utf-8").splitlines()
    ]


def _screen(keyword: str) -> Screen:
    heard = len(keyword) > 2 and all("\u4e00" <= one <= "\u9fff" for one in keyword)
    weak = (*_WEAK, "homophone") if heard else _WEAK
    entry = Entry(id="code", phrase=keyword, risk="A.1f", views=(*HARD_VIEWS, *weak))
    return Screen(pack_of([entry], id="code"))


@pytest.mark.parametrize("path", [_SHARED, _OWN], ids=["shared", "own"])
def test_every_must_case_is_found_with_its_span(path: Path) -> None:
    """All of them, and the span that a mask hides is right in at least 99 %."""
    cases = [case for case in _cases(path) if case.expect == "must"]
    spans = 0
    for case in cases:
        hits = [hit for hit in _screen(case.keyword).check(case.text).hits if hit.tier == "hard"]
        assert hits, (case.id, case.technique)
        spans += (hits[0].start, hits[0].end) == case.span
    assert spans >= 0.99 * len(cases)


@pytest.mark.parametrize("path", [_SHARED, _OWN], ids=["shared", "own"])
def test_no_must_not_case_is_hit(path: Path) -> None:
    """Ordinary text that holds the characters by chance stays as it is."""
    for case in _cases(path):
        if case.expect == "must_not":
            assert not _screen(case.keyword).check(case.text).hits, (case.id, case.technique)


def test_signals_are_noted_with_their_span() -> None:
    """What is only noted is found as well: sounds, parts of glyphs, and what must be decoded."""
    cases = [one for one in _cases(_SHARED) if one.expect == "tier2" and one.technique in _SIGNALS]
    assert len(cases) > 40
    for case in cases:
        found = _screen(case.keyword).check(case.text)
        assert found.action == "flag", (case.id, case.technique)
        assert case.span in [(hit.start, hit.end) for hit in found.hits], (case.id, case.technique)


def test_weak_spellings_are_noted_and_never_act() -> None:
    """Pinyin stands in ordinary text by chance: a signal, no stop."""
    verdict = _screen("明林计划").check("他们在聊minglin jihua吗")
    assert verdict.action == "flag"
    assert [hit.view for hit in verdict.hits] == ["pinyin"]


def test_own_set_is_twice_as_large_as_the_shared_one() -> None:
    """Half of it would be no proof of its own."""
    assert len(_cases(_OWN)) >= 2 * len(_cases(_SHARED))
