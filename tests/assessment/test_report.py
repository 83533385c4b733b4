"""Reports: the same figures in each form, nothing outside, words beside colours."""

import asyncio
import json
import re
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree

import msgspec
import pytest

from pratique.assessment.assess import assess
from pratique.assessment.candidates import offer
from pratique.assessment.choose import choose
from pratique.assessment.decisions import Assessment
from pratique.assessment.planning import Plan, plan
from pratique.assessment.report import html, write_junit, write_report, write_sarif
from pratique.assessment.report.figures import reported
from pratique.assessment.report.markdown import markdown
from pratique.assessment.report.page import page
from pratique.errors import NotFound
from pratique.partners.dialect import Price
from pratique.partners.pool import Pool
from pratique.workspace.opened import Opened
from tests.conftest import RoteModel

HOSTILE = "<script>alert(1)</script> | # [x](y)"
NOW = datetime(2026, 11, 2, 10, tzinfo=UTC)


@pytest.fixture
def assessed(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> tuple[Plan, Assessment]:
    """An assessment of one feature by two candidates that answer by rote."""
    path = opened.workspace.folder / "markets" / "CN.toml"
    text = path.read_text().replace('"embedded/gemma3-270m", ', "")
    path.write_text(re.sub(r"features = \[.*?\]", 'features = ["priority"]', text, flags=re.S))
    sure = '{"urgent": true, "reason_code": "safety"}'
    models = {
        "embedded/rules": RoteModel("embedded/rules", lambda _: sure),
        "embedded/smollm2-135m": RoteModel("embedded/smollm2-135m", lambda _: HOSTILE),
    }
    monkeypatch.setattr(Pool, "connected", lambda _, candidate: models[candidate.name])
    planned = plan(opened.workspace, offer(opened.workspace, "CN"), seed=1)
    return planned, asyncio.run(assess(opened, planned, lambda _: None))


def as_partners(planned: Plan) -> Plan:
    """Return *planned* as if its models were an invented partner's, at a price."""
    price = Price(
        input=2.0, output=4.0, currency="CNY", as_of="2026-10-01", source="an invented list"
    )
    candidates = tuple(
        msgspec.structs.replace(
            one,
            partner=msgspec.structs.replace(one.partner, simulated=True),
            model=msgspec.structs.replace(one.model, engine="", prices=(price,)),
        )
        for one in planned.offer.candidates
    )
    changed = msgspec.structs.replace(planned.offer, candidates=candidates)
    return msgspec.structs.replace(planned, offer=changed)


def test_each_form_has_every_figure_with_its_run(
    assessed: tuple[Plan, Assessment], tmp_path: Path
) -> None:
    """Count, interval, calls, cost and run stand beside each estimate."""
    planned, found = assessed
    for suffix in (".html", ".md", ".json"):
        path = tmp_path / f"report{suffix}"
        write_report(path, planned, found)
        text = path.read_text()
        for one in found.findings:
            assert one.run_id in text
            assert str(one.calls) in text
    document = json.loads((tmp_path / "report.json").read_text())
    assert document["calls"] == sum(one.calls for one in found.findings)
    assert [row["cost"]["amount"] for row in document["rows"]] == [0.0] * len(found.findings)
    with pytest.raises(NotFound, match=r"`\.pdf`"):
        write_report(tmp_path / "report.pdf", planned, found)


def test_the_page_needs_nothing_from_outside(assessed: tuple[Plan, Assessment]) -> None:
    """No address, no script, no frame; what a model wrote is text."""
    text = html(*assessed)
    assert not re.search(r"<script|<iframe|<link|@import|url\(|\ssrc=|\son\w+=", text)
    assert "&lt;script&gt;alert(1)" in text


def test_each_picture_says_in_words_what_it_shows(assessed: tuple[Plan, Assessment]) -> None:
    """Neither colour nor sight is needed: shape, word, and a name for readers of screens."""
    text = html(*assessed)
    pictures = re.findall(r"<svg[^>]*>.*?</svg>", text, flags=re.S)
    assert pictures
    for one in pictures:
        root = ElementTree.fromstring(one)  # noqa: S314  (made here)
        assert root.get("aria-label")
    assert any("✗ falls short" in one for one in pictures)


def test_simulated_partners_are_marked_wherever_they_show(
    assessed: tuple[Plan, Assessment],
) -> None:
    """No figure of an invented partner may pass for one about a company."""
    planned, found = as_partners(assessed[0]), assessed[1]
    told = reported(planned, found, NOW)
    table = [line for line in markdown(told).splitlines() if line.startswith("| priority")]
    assert len(table) == len(found.findings)
    assert all("`simulated`" in line for line in table)
    assert page(planned, told).count('<span class="invented">simulated</span>') > len(table)


def test_cost_is_price_times_tokens_and_unknown_is_said(assessed: tuple[Plan, Assessment]) -> None:
    """A model without a price costs an unknown amount, not nothing."""
    planned, found = as_partners(assessed[0]), assessed[1]
    for row in reported(planned, found, NOW).rows:
        expected = (row.input_tokens * 2.0 + row.output_tokens * 4.0) / 1e6
        assert row.cost.amount == pytest.approx(expected)
    free = tuple(
        msgspec.structs.replace(one, model=msgspec.structs.replace(one.model, prices=()))
        for one in planned.offer.candidates
    )
    bare = msgspec.structs.replace(
        planned, offer=msgspec.structs.replace(planned.offer, candidates=free)
    )
    told = reported(bare, found, NOW)
    assert {row.cost.text for row in told.rows} == {"no price known"}
    assert told.unpriced == len(found.findings)


def test_a_selection_shows_everybody_passed_over_with_the_reason(
    assessed: tuple[Plan, Assessment], opened: Opened
) -> None:
    """And one that rests on other findings is not shown beside these."""
    planned, found = assessed
    selection = choose(opened, "CN")
    text = page(planned, reported(planned, found, NOW, selection))
    for choice in selection.choices:
        for gone in choice.passed_over:
            assert gone.candidate in text
    assert "Who serves, and who was passed over" in text
    other = msgspec.structs.replace(selection, assessment="assessment-other")
    assert reported(planned, found, NOW, other).selection is None


def test_progress_is_drawn_from_the_second_assessment_on(assessed: tuple[Plan, Assessment]) -> None:
    """One point is no progress."""
    planned, found = assessed
    earlier = msgspec.structs.replace(found, seed=0)
    assert "How it came along" not in page(planned, reported(planned, found, NOW))
    assert "How it came along" in page(planned, reported(planned, found, NOW, None, [earlier]))


def test_a_pipeline_sees_each_finding_and_each_sample(
    assessed: tuple[Plan, Assessment], tmp_path: Path
) -> None:
    """A finding that is not met fails, undecided ones too; a sample fails for itself."""
    planned, found = assessed
    write_junit(tmp_path / "junit.xml", planned, found)
    write_sarif(tmp_path / "report.sarif", planned, found)
    root = ElementTree.parse(tmp_path / "junit.xml").getroot()  # noqa: S314  (made here)
    assert len(root) == len(found.findings)
    samples = sum(len(cell.results) for cell in planned.cells)
    assert root.get("tests") == str(samples + len(found.findings))
    results = json.loads((tmp_path / "report.sarif").read_text())["runs"][0]["results"]
    failed = sum(one["ruleId"] == "finding" for one in results)
    assert failed == sum(one.finding != "meets" for one in found.findings)
