"""Clusters in an assessment: samples of one source are drawn, counted, decided and revealed together."""

import asyncio
import sqlite3
from collections.abc import Callable
from contextlib import closing
from itertools import accumulate
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pratique.assessment.assess import assess
from pratique.assessment.bars import Held
from pratique.assessment.candidates import offer
from pratique.assessment.clustering import grouping_of
from pratique.assessment.comparing import compare
from pratique.assessment.decisions import Assessment
from pratique.assessment.findings import Finding
from pratique.assessment.measuring import samples_worth
from pratique.assessment.planning import Plan, plan
from pratique.assessment.recompute import recompute
from pratique.assessment.releases import releases_of
from pratique.assessment.report import html
from pratique.assessment.revealed import lost_with, unrevealed
from pratique.assessment.summary import findings_table
from pratique.errors import Malformed
from pratique.evals.budget import Budget
from pratique.evals.suites import Suite, packaged, read_suite
from pratique.features.packs import find_packs, read_pack
from pratique.features.packs import packaged as packaged_features
from pratique.partners.pool import Pool
from pratique.web.console.sources import trace
from pratique.workspace.opened import Opened, database_path
from tests.conftest import RoteModel

INCUMBENT, CHALLENGER = "embedded/rules", "embedded/smollm2-135m"
SIZE = 3
"""Samples of each source, but for the last one."""

STANDARD = """
id = "clustered"
about = "A bar, and gaps that matter."
alpha = 0.05
family = "bonferroni"
truth = "{truth}"

[choice]
margin = 0.05

[pair]
margin = 0.1

[[requirements]]
feature = "priority"
bar = {bar}
band = {band}
margin = 0.5
"""


def clustered_suite(folder: Path) -> None:
    """Write the feature's suite with every three samples in a row sharing a source."""
    own = folder / "suites" / "priority"
    own.mkdir(parents=True)
    (own / "suite.toml").write_text((packaged() / "priority" / "suite.toml").read_text())
    for locale in ("en", "zh-Hans"):
        lines = (packaged() / "priority" / f"{locale}.jsonl").read_bytes().splitlines()
        samples = [msgspec.json.decode(line) for line in lines]
        for number, sample in enumerate(samples[:-1]):
            sample["cluster"] = f"story-{number // SIZE}"
        (own / f"{locale}.jsonl").write_bytes(b"\n".join(map(msgspec.json.encode, samples)))


@pytest.fixture
def shop(opened: Opened) -> Opened:
    """A workspace with one feature, two candidates, and a suite of sources."""
    return made_clustered(opened)


def made_clustered(opened: Opened) -> Opened:
    """Turn a new workspace into one with one feature, two candidates, and a suite of sources."""
    folder = opened.workspace.folder
    path = folder / "markets" / "CN.toml"
    text = path.read_text().replace(
        'features = ["proofread", "summarize", "smart_reply", "priority"]',
        'features = ["priority"]',
    )
    text = text.replace('"embedded/gemma3-270m", ', "")
    path.write_text(text.replace('standard = "embedded"', 'standard = "clustered"'))
    clustered_suite(folder)
    (folder / "standards").mkdir(exist_ok=True)
    held_to(opened)
    return opened


def held_to(shop: Opened, *, bar: float = 0.6, band: float = 0.0, truth: str = "bank") -> None:
    """Write the standard."""
    text = STANDARD.format(bar=bar, band=band, truth=truth)
    (shop.workspace.folder / "standards" / "clustered.toml").write_text(text)


def models(monkeypatch: pytest.MonkeyPatch, planned: Plan, errs: Callable[[int], bool]) -> None:
    """The incumbent is always right; the challenger errs at the samples that *errs* names by number."""
    urgent = {
        (suite.locale, str(sample.input["item"]["title"]), str(sample.input["item"]["body"])): (  # type: ignore[index]
            bool(sample.target.urgent),
            number,
        )
        for suite in planned.suites.values()
        for number, sample in enumerate(suite.samples)
    }
    known = {
        (title, body.replace("\n", " ")): (*found, locale)
        for (locale, title, body), found in urgent.items()
    }

    def right(text: str) -> str:
        item = msgspec.json.decode(text)["input"]["item"]
        good = known[item["title"], item["body"].replace("\n", " ")][0]
        reason = "safety" if good else "not_urgent"
        return msgspec.json.encode({"urgent": good, "reason_code": reason}).decode()

    def erring(text: str) -> str:
        _, title, body, *_ = text.split(" | ")
        good, number, locale = known[title, body]
        words = {"en": ("later", "now"), "zh-Hans": ("稍后", "立即")}[locale]
        return words[good ^ errs(number)]

    found = {INCUMBENT: RoteModel(INCUMBENT, right), CHALLENGER: RoteModel(CHALLENGER, erring)}
    monkeypatch.setattr(Pool, "connected", lambda _, candidate: found[candidate.name])


def planned(shop: Opened, incumbent: str = "") -> Plan:
    """Return the plan."""
    return plan(shop.workspace, offer(shop.workspace, "CN"), seed=1, incumbent=incumbent)


def assessed(
    shop: Opened,
    monkeypatch: pytest.MonkeyPatch,
    errs: Callable[[int], bool],
    *,
    incumbent: str = "",
    budget: Budget | None = None,
) -> Assessment:
    """Assess the market."""
    made = planned(shop, incumbent)
    models(monkeypatch, made, errs)
    return asyncio.run(assess(shop, made, lambda _: None, budget=budget))


def sound(shop: Opened, found: Assessment) -> bool:
    """Return whether every figure can be made again from what was kept."""
    with shop.database.connect() as connection:
        return recompute(connection, found) == []


def counted_whole(one: Finding, order: Suite) -> bool:
    """Return whether the samples of *one* are the whole clusters that it names."""
    assert one.grouping is not None
    sources = [sample.source for sample in order.order(1)[: one.samples]]
    rest = [sample.source for sample in order.order(1)[one.samples :]]
    whole = len(set(sources)) == len(one.grouping.sizes) and set(sources).isdisjoint(rest)
    return whole and sum(one.grouping.sizes) == one.samples


@pytest.mark.parametrize("truth", ["bank", "population"])
@pytest.mark.parametrize("band", [0.0, 0.1])
def test_findings_count_whole_clusters_and_can_be_made_again(
    shop: Opened, monkeypatch: pytest.MonkeyPatch, truth: str, band: float
) -> None:
    """Both count clusters and samples; a changed outcome is named."""
    held_to(shop, truth=truth, band=band)
    found = assessed(shop, monkeypatch, lambda number: number // SIZE % 2 == 0)
    suites = {suite.locale: suite for suite in planned(shop).suites.values()}
    for one in found.findings:
        assert counted_whole(one, suites[one.locale])
        assert one.grouping is not None and one.grouping.of == 26 and one.grouping.largest == SIZE
        if truth == "bank":
            assert one.finding == ("meets" if one.candidate == INCUMBENT else "falls_short")
    assert sound(shop, found)
    table = "\n".join(findings_table(found.findings))
    assert f"in {len(found.findings[0].grouping.sizes)} of 26 clusters" in table  # type: ignore[union-attr]
    with closing(sqlite3.connect(database_path(shop.workspace), isolation_level=None)) as raw:
        raw.execute("UPDATE eval_outcomes SET met = 1 - met WHERE position = 1")
    assert not sound(shop, found)


def test_the_interval_is_shown_after_each_cluster(
    shop: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The console makes it from the store, the report from the run; a trend goes no further."""
    made = planned(shop)
    models(monkeypatch, made, lambda number: number % 5 == 0)
    found = asyncio.run(assess(shop, made, lambda _: None))
    with shop.database.connect() as connection:
        for one in found.findings:
            assert one.grouping is not None
            points = trace(connection, one)
            assert [point[0] for point in points] == list(accumulate(one.grouping.sizes))
            assert points[-1][2:] == (one.low, one.high)
        releases = releases_of(connection, "CN", "embedded")
        assert all(release.samples == release.finding.samples for release in releases)
        assert all(release.point.samples < release.samples for release in releases)
    assert "of 26 clusters" in html(made, found)


def test_the_best_and_a_challenger_are_told_by_whole_clusters(
    shop: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Choice and pair, both made again from what was kept."""
    found = assessed(shop, monkeypatch, lambda number: number // SIZE % 5 == 0)
    assert [one.best for one in found.comparisons] == [INCUMBENT] * 2
    for one in found.comparisons:
        assert one.grouping is not None
        assert set(one.samples) <= {0, *accumulate(one.grouping.sizes)}
    assert sound(shop, found)
    against = assessed(
        shop, monkeypatch, lambda number: number // SIZE % 5 == 0, incumbent=INCUMBENT
    )
    assert against.pairs
    for pair in against.pairs or ():
        assert pair.grouping is not None
        assert pair.samples == sum(pair.grouping.sizes) <= pair.kept
        assert pair.verdict != "B"
        assert "of 26 clusters" in pair.text
    assert sound(shop, against)


def test_a_cluster_that_a_budget_cut_does_not_count_yet(
    shop: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its answers are kept, and count once the run goes on to its end."""
    held_to(shop, bar=0.8)
    cut = assessed(shop, monkeypatch, lambda number: number % 2 == 0, budget=Budget(calls=7))
    assert sum(one.calls for one in cut.findings) <= 7
    assert all(one.samples % SIZE in (0, 1) and one.samples <= one.calls for one in cut.findings)
    assert sound(shop, cut)
    whole = assessed(shop, monkeypatch, lambda number: number % 2 == 0)
    assert all(one.finding != "undecided" for one in whole.findings)


def test_a_population_takes_as_many_clusters_as_samples_at_worst(shop: Opened) -> None:
    """What a standard needs is held against what the samples are worth if those of a source agree."""
    held_to(shop, truth="population")
    planned(shop)
    path = shop.workspace.folder / "standards" / "clustered.toml"
    path.write_text(path.read_text().replace("margin = 0.5", "margin = 0.4"))
    with pytest.raises(Malformed, match="worth 25 as clusters of up to 3"):
        planned(shop)


def test_samples_of_a_revealed_source_have_gone_with_it(shop: Opened) -> None:
    """Whoever has seen one question has seen the article."""
    (suite, *_) = planned(shop).suites.values()
    seen = suite.samples[4]
    left = unrevealed(suite, {(suite.id, suite.locale): {seen.id}})
    assert len(left.samples) == len(suite.samples) - SIZE
    assert seen.source not in {one.source for one in left.samples}
    assert lost_with(suite, {seen.id}) == SIZE and lost_with(suite, set()) == 0


def test_a_suite_without_clusters_keeps_its_digest_and_its_order(tmp_path: Path) -> None:
    """The field is left out of what is hashed, and drawing is as it was."""
    schema = read_pack(find_packs([packaged_features()])["priority"]).input_schema
    suite = read_suite([packaged()], "priority", "en", schema)
    assert all("cluster" not in msgspec.to_builtins(one) for one in suite.samples)
    clustered_suite(tmp_path)
    other = read_suite([tmp_path / "suites"], "priority", "en", schema)
    assert other.digest != suite.digest
    order = [one.source for one in other.order(1)]
    assert all(order.index(one) + SIZE > place for place, one in enumerate(order))


# shapes that hold for any results

RESULTS = st.lists(
    st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=4),
    min_size=1,
    max_size=20,
)


@given(RESULTS, st.sampled_from([None, "bank"]), st.integers(0, 3))
def test_a_bar_is_held_by_whole_clusters_whatever_waits(
    clusters: list[list[tuple[bool, bool]]], truth: str | None, cut: int
) -> None:
    """An unfinished cluster changes nothing, and nothing that waits can change what was found."""
    grouping = grouping_of([2, *(len(one) for one in clusters)])
    assert grouping is not None
    size = grouping.samples if truth else None
    first: list[list[tuple[bool, bool]]] = [[(True, False)] * 2, *clusters]
    ends = set(accumulate(grouping.sizes))
    flat = [one for cluster in first for one in cluster]
    held = Held(0.5, 0.1, 0.05, size, judged=True, grouping=grouping)
    passes = Held(0.5, 0.1, 0.05, size, grouping=grouping)
    for passed, waits in flat[: len(flat) - cut]:
        before = held.n
        held.add(passed, waits=waits)
        passes.add(passed or waits)
        assert held.n in (before, *ends)
        if held.decision == "meets":
            assert passes.decision in ("meets", "undecided") or passes.n < held.n


@given(st.lists(st.integers(1, 4), min_size=1, max_size=15), st.integers(0, 60))
def test_a_choice_uses_whole_clusters(sizes: list[int], cut: int) -> None:
    """However many results are there, what is used ends where a cluster does."""
    grouping = grouping_of([*sizes, 2])
    assert grouping is not None
    total = grouping.samples
    good, bad = [True] * total, [False] * min(cut, total)
    found = compare([good, bad], total, 0.1, 0.05, grouping)
    assert set(found.samples) <= {0, *accumulate(grouping.sizes)}
    if cut >= total:
        assert found.best == 0


@given(st.lists(st.lists(st.booleans(), min_size=1, max_size=5), min_size=1, max_size=30))
def test_samples_are_worth_no_more_than_they_are(clusters: list[list[bool]]) -> None:
    """Sharing a source takes something off, and clusters of one nothing."""
    count = sum(len(one) for one in clusters)
    assert 0.0 < samples_worth(clusters) <= count
    assert samples_worth([[one] for cluster in clusters for one in cluster]) == count


def test_a_source_that_passes_whole_is_worth_one_sample() -> None:
    """Four hundred samples of a hundred sources that agree are a hundred, about."""
    clusters = [[number % 2 == 0] * 4 for number in range(100)]
    assert samples_worth(clusters) == pytest.approx(100, rel=0.02)
