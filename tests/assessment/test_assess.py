"""Assessing: certain findings stop calling, figures can be made again, the report holds everything."""

import asyncio
import html as escaping
import sqlite3
from contextlib import closing
from itertools import count
from pathlib import Path

import msgspec
import pytest

from pratique.assessment.assess import assess
from pratique.assessment.candidates import offer
from pratique.assessment.choose import choose
from pratique.assessment.decisions import Assessment, latest_assessment, latest_selection
from pratique.assessment.planning import Plan, plan
from pratique.assessment.recompute import recompute
from pratique.assessment.report import html, write_report
from pratique.assessment.standards import packaged
from pratique.errors import Unavailable
from pratique.partners.contract import Reply
from pratique.partners.pool import Pool
from pratique.workspace.opened import Opened, database_path
from tests.conftest import RoteModel

HOSTILE = "<script>alert(1)</script>\u202e &amp; 👍"


@pytest.fixture
def narrow(opened: Opened) -> Opened:
    """A workspace whose market has one feature and two candidates."""
    path = opened.workspace.folder / "markets" / "CN.toml"
    text = path.read_text()
    text = text.replace(
        'features = ["proofread", "summarize", "smart_reply", "priority"]',
        'features = ["priority"]',
    )
    text = text.replace('"embedded/gemma3-270m", ', "")
    path.write_text(text)
    return opened


def models(
    planned: Plan, monkeypatch: pytest.MonkeyPatch, wrong: str = HOSTILE, *, slip: int = 1
) -> dict[str, RoteModel]:
    """Put models in the candidates' places: one is always right, the other errs at each *slip*.

    At every call it says *wrong*; at fewer, the other one of two valid answers.
    """
    asked = count()
    urgent: dict[tuple[str, str], bool] = {}
    locales: dict[tuple[str, str], str] = {}
    for suite in planned.suites.values():
        for sample in suite.samples:
            item = sample.input["item"]
            assert isinstance(item, dict)
            key = item["title"], item["body"].replace("\n", " ")
            urgent[key], locales[key] = bool(sample.target.urgent), suite.locale
    sure = (
        '{"urgent": true, "reason_code": "safety"}',
        '{"urgent": false, "reason_code": "not_urgent"}',
    )

    def right(text: str) -> str:
        item = msgspec.json.decode(text)["input"]["item"]
        return sure[0] if urgent[item["title"], item["body"].replace("\n", " ")] else sure[1]

    def slipping(text: str) -> str:
        if slip == 1:
            return wrong
        _, title, body, *_ = text.split(" | ")
        urgently = urgent[title, body] ^ (next(asked) % slip == 0)
        return {"en": ("later", "now"), "zh-Hans": ("稍后", "立即")}[locales[title, body]][urgently]

    found = {
        "embedded/rules": RoteModel("embedded/rules", right),
        "embedded/smollm2-135m": RoteModel("embedded/smollm2-135m", slipping),
    }
    monkeypatch.setattr(Pool, "connected", lambda _, candidate: found[candidate.name])
    return found


def assessed(opened: Opened) -> tuple[Plan, Assessment]:
    """Assess the market and return plan and assessment."""
    planned = plan(opened.workspace, offer(opened.workspace, "CN"), seed=1)
    return planned, asyncio.run(assess(opened, planned, lambda _: None))


def test_certain_findings_stop_calling(narrow: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    """One that is always wrong is passed over after a few calls, one that is right needs more."""
    planned = plan(narrow.workspace, offer(narrow.workspace, "CN"), seed=1)
    found = models(planned, monkeypatch)
    assessment = asyncio.run(assess(narrow, planned, lambda _: None))
    verdicts = {(one.candidate, one.locale): one for one in assessment.findings}
    for locale in ("en", "zh-Hans"):
        bad, good = verdicts["embedded/smollm2-135m", locale], verdicts["embedded/rules", locale]
        assert (bad.finding, good.finding) == ("falls_short", "meets")
        assert bad.samples <= 10 and good.samples < good.full_calls
        assert bad.high < bad.bar <= good.low
    made = sum(len(model.calls) for model in found.values())
    assert made == sum(one.calls for one in assessment.findings) < planned.full_calls


def test_assessing_again_makes_no_call(narrow: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same variants on the same samples give the same assessment from what was kept."""
    planned = plan(narrow.workspace, offer(narrow.workspace, "CN"), seed=1)
    models(planned, monkeypatch)
    first = asyncio.run(assess(narrow, planned, lambda _: None))
    again = models(planned, monkeypatch)
    _, second = assessed(narrow)
    assert second == first
    assert not any(model.calls for model in again.values())


def test_another_seed_is_another_run(narrow: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is reused across drawings."""
    planned = plan(narrow.workspace, offer(narrow.workspace, "CN"), seed=1)
    other = plan(narrow.workspace, offer(narrow.workspace, "CN"), seed=2)
    assert {cell.key.id for cell in planned.cells}.isdisjoint(cell.key.id for cell in other.cells)
    models(planned, monkeypatch)
    asyncio.run(assess(narrow, planned, lambda _: None))
    assert not any(cell.results for cell in other.cells)


def test_figures_can_be_made_again_and_a_changed_outcome_is_named(
    narrow: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each finding follows from the kept outcomes, without a call."""
    models(plan(narrow.workspace, offer(narrow.workspace, "CN"), seed=1), monkeypatch)
    _, assessment = assessed(narrow)
    with narrow.database.connect() as connection:
        assert recompute(connection, assessment) == []
        assert latest_assessment(connection, "CN") == assessment
    with closing(sqlite3.connect(database_path(narrow.workspace), isolation_level=None)) as raw:
        raw.execute("UPDATE eval_outcomes SET met = 0 WHERE met = 1 AND position = 3")
    with narrow.database.connect() as connection:
        faults = recompute(connection, assessment)
    assert faults and all("priority" in fault for fault in faults)


def test_of_two_that_meet_the_bar_the_best_is_told_apart(
    narrow: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both are drawn on until the better one is certain; that can be made again, and decides."""
    planned = plan(narrow.workspace, offer(narrow.workspace, "CN"), seed=1)
    models(planned, monkeypatch, slip=8)
    assessment = asyncio.run(assess(narrow, planned, lambda _: None))
    assert {one.finding for one in assessment.findings} == {"meets"}
    assert [one.best for one in assessment.comparisons] == ["embedded/rules"] * 2
    assert all(max(one.samples) > 0 for one in assessment.comparisons)
    with narrow.database.connect() as connection:
        assert recompute(connection, assessment) == []
        lied = msgspec.structs.replace(
            assessment,
            comparisons=tuple(
                msgspec.structs.replace(one, best="embedded/smollm2-135m")
                for one in assessment.comparisons
            ),
        )
        assert len(recompute(connection, lied)) == 2
    selection = choose(narrow, "CN")
    assert [one.serves for one in selection.choices] == ["embedded/rules"] * 2
    assert "is the best within 3%" in selection.choices[0].passed_over[0].reason


def test_a_band_around_the_bar_ends_close_calls_sooner(
    narrow: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the standard lets either finding be right, fewer samples settle it, and it holds again."""
    standard = packaged() / "embedded.toml"
    made = narrow.workspace.folder / "standards"
    made.mkdir(exist_ok=True)
    samples = {}
    for band in (0.0, 0.2):
        text = standard.read_text()
        at = text.index('feature = "priority"')
        text = text[:at] + f"band = {band}\n" + text[at:]
        (made / "embedded.toml").write_text(text)
        planned = plan(narrow.workspace, offer(narrow.workspace, "CN"), seed=1)
        models(planned, monkeypatch, slip=8)
        found = asyncio.run(assess(narrow, planned, lambda _: None))
        with narrow.database.connect() as connection:
            assert recompute(connection, found) == []
        samples[band] = sum(one.samples for one in found.findings)
        assert {one.finding for one in found.findings} == {"meets"}
    assert samples[0.2] < samples[0.0]


def test_the_selection_follows_and_is_kept(narrow: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who serves is what the findings say."""
    models(plan(narrow.workspace, offer(narrow.workspace, "CN"), seed=1), monkeypatch)
    assessed(narrow)
    selection = choose(narrow, "CN")
    assert [one.serves for one in selection.choices] == ["embedded/rules"] * 2
    with narrow.database.connect() as connection:
        assert latest_selection(connection, "CN") == selection


def test_an_edited_prompt_is_another_candidate(
    narrow: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Results of the old one say nothing about it."""
    import shutil

    before = offer(narrow.workspace, "CN")
    pack = before.packs[0]
    own = narrow.workspace.folder / "features" / pack.id
    shutil.copytree(pack.folder, own)
    path = own / "prompts" / "en.toml"
    path.write_text(
        path.read_text(encoding="utf-8").replace("hurt the user", "hurt the users"),
        encoding="utf-8",
    )
    after = offer(narrow.workspace, "CN")
    changed = [
        (one.locale, one.candidate)
        for one, other in zip(before.variants, after.variants, strict=True)
        if one != other
    ]
    assert changed == [("en", "embedded/smollm2-135m")]


def test_the_report_holds_each_sample_and_shows_hostile_text_as_text(
    narrow: Opened, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Input, answer, target and scores of every call, escaped, in one file without outside addresses."""
    models(plan(narrow.workspace, offer(narrow.workspace, "CN"), seed=1), monkeypatch)
    planned, assessment = assessed(narrow)
    page = html(planned, assessment)
    assert "<script" not in page
    assert escaping.escape(HOSTILE, quote=False).replace("'", "&#39;") in page.replace("&#34;", '"')
    for cell in planned.cells:
        for position in cell.results:
            assert cell.order[position].id in page
    assert "http" not in page.split("<body>")[0]
    path = tmp_path / "report.html"
    write_report(path, planned, assessment)
    assert path.read_text(encoding="utf-8") == page
    with pytest.raises(Unavailable, match="cannot write"):
        write_report(tmp_path / "no" / "such" / "report.html", planned, assessment)


def test_a_missing_package_leaves_a_candidate_out_with_a_clear_line(narrow: Opened) -> None:
    """An optional model is named, not forgotten."""
    path = narrow.workspace.folder / "partners" / "extra.toml"
    path.write_text(
        'id = "extra"\nname = "Extra"\n[[models]]\nid = "m"\nabout = "a"\nengine = "llama"\n'
        'snapshot = "sha256:0"\nweights = "on_device"\npackage = "no_such_package"\ncontext_tokens = 1\n'
    )
    market = narrow.workspace.folder / "markets" / "CN.toml"
    market.write_text(
        market.read_text().replace('"embedded/rules"]', '"embedded/rules", "extra/m"]')
    )
    found = offer(narrow.workspace, "CN")
    assert found.left_out == ("`extra/m` is left out: package `no_such_package` is not installed",)
    assert "extra/m" not in {one.candidate for one in found.variants}


@pytest.mark.parametrize(
    ("reply", "why"),
    [
        (Reply(status="auth", code="no_key", detail="partner `x` has no key"), "x` has no key"),
        (Reply(status="auth", code="401", detail="unknown key"), "does not let us in"),
    ],
)
def test_a_key_that_is_missing_or_wrong_counts_against_no_model(
    narrow: Opened, monkeypatch: pytest.MonkeyPatch, reply: Reply, why: str
) -> None:
    """A key is ours: the run ends and says so, and the same run goes on once the key is there."""
    planned = plan(narrow.workspace, offer(narrow.workspace, "CN"), 1)
    found = models(planned, monkeypatch)
    closed = dict(found)
    closed["embedded/smollm2-135m"] = RoteModel("embedded/smollm2-135m", lambda _: reply)
    monkeypatch.setattr(Pool, "connected", lambda _, candidate: closed[candidate.name])
    with pytest.raises(Unavailable, match=why) as error:
        asyncio.run(assess(narrow, planned, lambda _: None))
    assert "set its key" in error.value.hint
    monkeypatch.setattr(Pool, "connected", lambda _, candidate: found[candidate.name])
    again = plan(narrow.workspace, offer(narrow.workspace, "CN"), 1)
    assert not any(
        one.failed for one in asyncio.run(assess(narrow, again, lambda _: None)).findings
    )
