"""The kit: every partner's stand-in passes, and the report has the documented shape."""

import asyncio
from functools import cache
from pathlib import Path

import msgspec
import pytest

from pratique.errors import NotAllowed, NotFound
from pratique.partners.catalogue import Candidate, packaged, read_partners
from pratique.partners.conformance.kit import (
    BEHAVIOUR,
    all_checks,
    check_against,
    check_live,
    check_stand_in,
    dialect_of,
)
from pratique.partners.conformance.page import page
from pratique.partners.conformance.report import CheckResult, Report
from pratique.partners.standins.scenarios import read_scenarios
from pratique.partners.standins.server import StandIn
from pratique.settings.workspace import Access

PARTNERS = read_partners([packaged()])
DIALECTS = sorted(one.id for one in PARTNERS.values() if one.wire)
PAGE = Path(__file__).parents[3] / "docs" / "conformance.md"


def candidate(partner: str, number: int = 0) -> Candidate:
    """Return a model of *partner*."""
    found = PARTNERS[partner]
    return Candidate(partner=found, model=found.models[number])


@cache
def stood_in(partner: str) -> tuple[Report, tuple[CheckResult, ...]]:
    """Return the report of *partner*'s first model against its stand-in, and what was told on the way."""
    told: list[CheckResult] = []
    return asyncio.run(check_stand_in(candidate(partner), told.append)), tuple(told)


@pytest.mark.parametrize("partner", DIALECTS)
def test_no_check_fails_against_a_stand_in(partner: str) -> None:
    """The catalogue, the wire and the stand-in agree on what the partner does."""
    report, told = stood_in(partner)
    assert [one for one in report.checks if one.status == "failed"] == []
    assert len(report.checks) >= 140
    assert report.passed + report.failed + report.unsupported == len(report.checks)
    assert report.unsupported <= 12
    assert told == report.checks
    assert len({one.id for one in report.checks}) == len(report.checks)


@pytest.mark.parametrize("partner", DIALECTS)
def test_every_scenario_is_a_check(partner: str) -> None:
    """What a dialect is known to answer is tried, all of it."""
    ids = {one.id for one in stood_in(partner)[0].checks if one.status == "passed"}
    assert {f"scenario-{one}" for one in read_scenarios(partner)} <= ids


@pytest.mark.parametrize("partner", DIALECTS)
def test_a_stand_in_measures_nothing_of_the_partner(partner: str) -> None:
    """What it establishes is marked as the stand-in's."""
    report = stood_in(partner)[0]
    assert report.against == report.capabilities.against == "stand-in"
    assert report.capabilities.stream is True
    assert report.capabilities.usage_in_stream is True
    assert report.capabilities.first_token_seconds is not None


def test_a_report_goes_through_json_in_its_documented_shape() -> None:
    """The command line prints it, and other tools read it."""
    report = stood_in("deepseek")[0]
    raw = msgspec.json.encode(report)
    assert msgspec.json.decode(raw, type=Report) == report
    shape = msgspec.json.decode(raw)
    assert set(shape) == {
        *("version", "partner", "model", "against", "made", "passed", "failed", "unsupported"),
        *("calls", "input_tokens", "output_tokens", "checks", "capabilities"),
    }
    assert set(shape["checks"][0]) == {"id", "status", "detail", "seconds"}


@pytest.mark.parametrize("partner", [one for one in DIALECTS if len(PARTNERS[one].models) > 1])
def test_the_model_that_differs_most_passes(partner: str) -> None:
    """The last of a catalogue is the one of which least is known."""

    async def run() -> Report:
        async with StandIn(partner) as stand_in:
            return await check_against(stand_in, candidate(partner, -1), BEHAVIOUR, lambda _: None)

    report = asyncio.run(run())
    assert [one for one in report.checks if one.status == "failed"] == []


def test_a_real_partner_is_not_asked_for_what_only_a_stand_in_plays(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A live run makes few calls; what costs too much or is not there is said to be unsupported."""
    monkeypatch.setenv("DASHSCOPE_API_KEY", "stand-in-key")

    async def run() -> tuple[Report, int]:
        async with StandIn("alibaba") as stand_in:
            access = Access(base_url=stand_in.base_url)
            report = await check_live(
                candidate("alibaba"), "CN", access, tmp_path, lambda _: None, wrong_key=True
            )
            return report, len(stand_in.seen)

    report, seen = asyncio.run(run())
    assert report.failed == 0
    assert report.against.startswith("127.0.0.1:")
    assert report.capabilities.against == report.against
    assert report.calls <= 66 and seen <= report.calls + 2
    assert report.input_tokens > 0 and report.output_tokens > 0
    tables = [one for one in report.checks if one.id.startswith("scenario-")]
    assert len(tables) == len(read_scenarios("alibaba"))
    assert {(one.status, one.detail) for one in tables} == {
        ("unsupported", "only the stand-in plays this")
    }
    ended = {one.id: one for one in report.checks}
    assert ended["wrong-key"].status == "passed"
    assert "stand-in-key" not in msgspec.json.encode(report).decode()


def test_a_wrong_key_is_not_tried_unasked(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Partners may lock an account for it; and a partner that refuses the key is left alone."""
    monkeypatch.setenv("DASHSCOPE_API_KEY", "a-key-that-was-withdrawn")

    async def run() -> tuple[Report, int]:
        async with StandIn("alibaba") as stand_in:
            access = Access(base_url=stand_in.base_url)
            told = candidate("alibaba")
            return await check_live(told, "CN", access, tmp_path, lambda _: None), len(
                stand_in.seen
            )

    report, seen = asyncio.run(run())
    assert (report.failed, report.calls, seen) == (1, 1, 1)
    ended = {one.id: one for one in report.checks}
    assert ended["plain-answer"].status == "failed"
    assert ended["chinese"].detail.startswith("not tried: the plain call came to `auth`")
    assert ended["region-serves"].status == "passed"


def test_a_market_without_a_region_is_refused(tmp_path: Path) -> None:
    """Content never goes to another market's servers, not for a check either."""
    with pytest.raises(NotAllowed, match="does not serve"):
        asyncio.run(check_live(candidate("deepseek"), "XX", Access(), tmp_path, lambda _: None))


def test_a_partner_of_the_workspace_is_known_by_its_dialect() -> None:
    """A copy of one of our files under a name of its own has the same stand-in."""
    copied = msgspec.structs.replace(PARTNERS["sglang"], id="our-engine")
    assert dialect_of(copied) == "sglang"
    strange = msgspec.structs.replace(
        PARTNERS["vllm"],
        id="strange",
        dialect=msgspec.structs.replace(PARTNERS["vllm"].dialect, seed=False),
    )
    assert dialect_of(strange) is None
    model = strange.models[0]
    with pytest.raises(NotFound, match="no stand-in speaks"):
        asyncio.run(check_stand_in(Candidate(partner=strange, model=model), lambda _: None))


def test_each_check_says_what_it_means() -> None:
    """Its one line is what the page and the command line show."""
    for dialect in DIALECTS:
        for check in all_checks(dialect):
            assert check.meaning.endswith("."), check.id
            assert len(check.meaning) <= 240, check.id
    assert len({one.id for one in BEHAVIOUR}) == len(BEHAVIOUR)


def test_the_page_is_that_of_the_checks() -> None:
    """`python -c "from pratique.partners.conformance.page import page; print(page(), end='')"`."""
    assert PAGE.read_text(encoding="utf-8") == page()
