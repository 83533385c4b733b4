"""Judges in a run: counted, kept, within the budget, and never above people."""

import asyncio
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from zlib import crc32

import msgspec
import pytest

from pratique.assessment.assess import assess
from pratique.assessment.candidates import offer
from pratique.assessment.decisions import Assessment
from pratique.assessment.findings import Finding
from pratique.assessment.identity import signs_about
from pratique.assessment.judging import Judging
from pratique.assessment.planning import Plan, plan
from pratique.assessment.recompute import recompute
from pratique.assessment.remembered import rescore_kept, without_calls
from pratique.assessment.report import write_report
from pratique.assessment.summary import judging_lines
from pratique.errors import Malformed, NotAllowed, Unavailable
from pratique.evals.budget import Budget
from pratique.evals.judges.rubrics import packaged, read_rubric
from pratique.evals.outcomes import results_of
from pratique.evals.ratings.batches import Batch
from pratique.evals.ratings.drawing import Answers, Asked, batch_of_run, batch_of_waiting
from pratique.evals.ratings.table import Rating, keep_batch, keep_ratings
from pratique.evals.suites import packaged as packaged_suites
from pratique.partners.contract import Reply
from pratique.partners.pool import Pool
from pratique.privacy import Sensitive
from pratique.workspace.opened import Opened
from tests.conftest import RoteModel

HOUSE = """
id = "house"
name = "House"
wire = "openai"
key_needed = false

[[regions]]
id = "here"
market = "any"
base_url = "http://127.0.0.1:1/v1"
certainty = "known"

[[models]]
id = "quick"
about = "Judges quickly."
weights = "self_hosted"

[[models]]
id = "thorough"
about = "Judges thoroughly."
weights = "self_hosted"
"""

STANDARD = """
id = "judged"
about = "One bar, with judges."
alpha = 0.05
family = "bonferroni"
truth = "bank"

[[requirements]]
feature = "priority"
bar = 0.6
"""


def said(grade: int, sure: bool = True) -> str:
    """Return a judge's reply."""
    return json.dumps({"grade": grade, "sure": sure, "why": "so it is"})


@pytest.fixture
def shop(opened: Opened) -> Opened:
    """A workspace with one feature, one locale, one candidate, and a partner that may judge."""
    folder = opened.workspace.folder
    path = folder / "markets" / "CN.toml"
    text = path.read_text()
    for old, new in (
        (
            'features = ["proofread", "summarize", "smart_reply", "priority"]',
            'features = ["priority"]',
        ),
        ('"embedded/smollm2-135m", "embedded/gemma3-270m", ', ""),
        ('locales = ["zh-Hans", "en"]', 'locales = ["en"]'),
        ('standard = "embedded"', 'standard = "judged"'),
    ):
        assert old in text or "locales" in old
        text = text.replace(old, new)
    path.write_text(text)
    (folder / "partners").mkdir(exist_ok=True)
    (folder / "partners" / "house.toml").write_text(HOUSE)
    return opened


def standard(shop: Opened, judge: str, truth: str = "bank") -> None:
    """Write the standard with *judge* at its one requirement."""
    folder = shop.workspace.folder / "standards"
    folder.mkdir(exist_ok=True)
    text = STANDARD.replace('"bank"', f'"{truth}"')
    (folder / "judged.toml").write_text(f"{text}{judge}\n")


def planned(shop: Opened) -> Plan:
    """Return the plan of the market."""
    return plan(shop.workspace, offer(shop.workspace, "CN"), seed=1)


def models(
    shop: Opened,
    monkeypatch: pytest.MonkeyPatch,
    quick: Callable[[str], str],
    thorough: Callable[[str], str] = lambda _: said(4),
    named: Callable[[int], str] = lambda _: "",
    wrong: Callable[[str], bool] = lambda _: False,
) -> dict[str, RoteModel]:
    """Put a candidate that is right, unless it is *wrong* by a title, and two judges in place of real ones."""
    urgent = {}
    for suite in planned(shop).suites.values():
        for sample in suite.samples:
            item = sample.input["item"]
            assert isinstance(item, dict)
            urgent[item["title"], item["body"]] = bool(sample.target.urgent)
    asked: list[str] = []

    def right(text: str) -> Reply:
        item = msgspec.json.decode(text)["input"]["item"]
        asked.append(text)
        urgently = urgent[item["title"], item["body"]] ^ wrong(item["title"])
        reason = "safety" if urgently else "not_urgent"
        words = json.dumps({"urgent": urgently, "reason_code": reason})
        return Reply(status="ok", text=Sensitive(words), model=named(len(asked)))

    found = {
        "embedded/rules": RoteModel("embedded/rules", right),
        "house/quick": RoteModel("house/quick", quick),
        "house/thorough": RoteModel("house/thorough", thorough),
    }
    monkeypatch.setattr(Pool, "connected", lambda _, candidate: found[candidate.name])
    return found


def assessed(shop: Opened, budget: Budget | None = None) -> Assessment:
    """Assess the market."""
    return asyncio.run(assess(shop, planned(shop), lambda _: None, budget=budget))


def only(found: Assessment) -> tuple[Finding, Judging]:
    """Return the English finding with what judges did for it."""
    finding = next(one for one in found.findings if one.locale == "en")
    assert isinstance(finding.judging, Judging)
    return finding, finding.judging


def sound(shop: Opened, *assessments: Assessment) -> bool:
    """Say whether each of *assessments* follows from the store."""
    with shop.database.connect() as connection:
        return not any(recompute(connection, one) for one in assessments)


def rate(shop: Opened, batch: Batch, grade: Callable[[str], int]) -> None:
    """Let two raters give each item of *batch* a grade."""
    with shop.database.begin() as connection:
        keep_batch(connection, batch, shop.clock())
        for rater in batch.raters:
            given = [
                Rating(
                    batch=batch.id,
                    item=item.id,
                    rater=rater,
                    role="rater",
                    value=grade(item.id),
                    note="",
                    file=rater,
                )
                for item in batch.items
            ]
            keep_ratings(connection, given, shop.clock())


def drawn(shop: Opened, run: str, samples: int, *, waiting: bool = False) -> Batch:
    """Return a batch of answers of *run* for two raters."""
    suite = next(one for one in planned(shop).suites.values() if one.locale == "en")
    with shop.database.connect() as connection:
        kept = results_of(connection, [run])[run]
    asked = Asked(
        rubric=read_rubric([packaged()], "usefulness"),
        language="en",
        words="en",
        raters=("ada", "bo"),
        samples=samples,
        seed=1,
    )
    own = Answers(run=run, candidate="embedded/rules", results=kept)
    make = batch_of_waiting if waiting else batch_of_run
    return make(own, {one.id: one for one in suite.samples}, asked)


def test_judges_decide_are_counted_and_never_asked_twice(
    shop: Opened, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A strong judge is asked only where the cheap one contradicts a check; a second run asks nobody."""
    standard(shop, 'judge = { cheap = "house/quick", strong = "house/thorough" }')
    found = models(shop, monkeypatch, lambda _: said(2), lambda _: said(1))
    first = assessed(shop)
    finding, judging = only(first)
    assert finding.finding == "falls_short" and finding.estimate == 0.0
    judged = len(found["house/quick"].calls)
    assert judged == len(found["house/thorough"].calls) > 0
    calls = sum(one.judging.calls for one in first.findings if isinstance(one.judging, Judging))
    assert calls == 2 * judged
    assert [one.settled for one in judging.tiers if one.tier == "strong"] == [finding.samples]
    assert sound(shop, first)
    before = {name: len(one.calls) for name, one in found.items()}
    assert assessed(shop) == first
    assert {name: len(one.calls) for name, one in found.items()} == before
    for suffix in (".html", ".md", ".json"):
        again = planned(shop)
        without_calls(shop, again)
        path = tmp_path / f"report{suffix}"
        write_report(path, again, first)
        assert "house/thorough" in path.read_text() or "calls of judges" in path.read_text()


def test_what_no_judge_settles_waits_and_people_settle_it(
    shop: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Open answers hold up both findings; people's word comes in later and old findings still hold."""
    standard(shop, 'judge = { cheap = "house/quick" }')
    models(shop, monkeypatch, lambda _: said(4, sure=False))
    first = assessed(shop)
    finding, judging = only(first)
    assert finding.finding == "undecided" and len(judging.waiting) == finding.full_calls
    assert (finding.low, finding.high) == (0.0, 1.0)
    assert any("--waiting" in line for line in judging_lines(first.findings))
    rate(shop, drawn(shop, finding.run_id, 2000, waiting=True), lambda _: 4)
    second = assessed(shop)
    assert only(second)[0].finding == "meets" and not only(second)[1].waiting
    assert sound(shop, first, second)
    with pytest.raises(NotAllowed, match="waits for people"):
        drawn(shop, finding.run_id, 10, waiting=True)


def test_a_budget_holds_for_judges_too(shop: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    """No call beyond it, no answer lost, and the next run only makes up for what is missing."""
    standard(shop, 'judge = { cheap = "house/quick" }')
    found = models(shop, monkeypatch, lambda _: said(4))
    for most in (7, 8, 30):
        before = sum(len(one.calls) for one in found.values())
        budget = Budget(calls=most)
        assert sound(shop, assessed(shop, budget))
        made = sum(len(one.calls) for one in found.values()) - before
        assert made <= most and budget.spent.calls <= most
    assert only(assessed(shop))[0].finding == "meets"
    asked = [call.turns[-1].content.reveal() for call in found["embedded/rules"].calls]
    assert len(set(asked)) == len(asked)


def test_scoring_again_uses_kept_judgements(shop: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    """A run of another name takes answers and judgements over; nobody is called."""
    standard(shop, 'judge = { cheap = "house/quick" }')
    found = models(shop, monkeypatch, lambda _: said(4))
    only(assessed(shop))
    before = {name: len(one.calls) for name, one in found.items()}
    shutil.copytree(packaged_suites() / "priority", shop.workspace.folder / "suites" / "priority")
    path = shop.workspace.folder / "suites" / "priority" / "suite.toml"
    path.write_text(path.read_text().replace('origin = "', 'origin = "Looked at again. '))
    again = planned(shop)
    assert sum(one.taken for one in rescore_kept(shop, again)) > 0
    said_of = [again.judge.finding(cell).judging for cell in again.cells]
    assert all(isinstance(one, Judging) and one.calls and not one.waiting for one in said_of)
    assert {name: len(one.calls) for name, one in found.items()} == before


@pytest.mark.parametrize("truth", ["bank", "population"])
def test_people_decide_where_the_standard_says_so(
    shop: Opened, monkeypatch: pytest.MonkeyPatch, truth: str
) -> None:
    """Judges that pass everything do not: a part that people rate does, and it can be made again."""
    standard(shop, 'margin = 0.3\njudge = { cheap = "house/quick", people = true }', truth)
    models(shop, monkeypatch, lambda _: said(4))
    first = assessed(shop)
    finding, judging = only(first)
    assert finding.finding == "undecided" and finding.samples == finding.full_calls
    assert judging.people is None and "nobody has rated" in judging.why
    rate(shop, drawn(shop, finding.run_id, 40), lambda _: 1)
    second = assessed(shop)
    finding, judging = only(second)
    assert judging.people is not None and judging.people.labels == 40 and judging.rated == 40
    assert finding.finding == judging.people.finding == "falls_short"
    assert judging.agreement is not None and judging.agreement.same == 0.0
    assert sound(shop, first, second)
    changed = msgspec.structs.replace(judging.people, low=0.9)
    lied = msgspec.structs.replace(
        finding, judging=msgspec.structs.replace(judging, people=changed)
    )
    assert not sound(shop, msgspec.structs.replace(second, findings=(lied,)))


def test_a_model_that_is_swapped_meanwhile_shows(
    shop: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Replies that name another model than the first one did are evidence of identity."""
    standard(shop, "")
    models(shop, monkeypatch, lambda _: said(4), named=lambda n: "one-v1" if n < 6 else "one-v2")
    found = assessed(shop)
    with shop.database.connect() as connection:
        signs = signs_about(connection, found.findings)
    assert {one.sign.kind for one in signs} == {"identity"}
    assert all("`one-v2`" in one.text for one in signs)


def test_earlier_runs_help_a_gate_and_change_no_truth(
    shop: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another seed's outcomes are settled as history when a run is opened; the finding is made again."""
    standard(shop, "band = 0.1")
    hard = [0, 1, 2]
    models(
        shop, monkeypatch, lambda _: said(4), wrong=lambda title: crc32(title.encode()) % 10 in hard
    )
    first = assessed(shop)

    def later() -> Assessment:
        again = plan(shop.workspace, offer(shop.workspace, "CN"), seed=2)
        return asyncio.run(assess(shop, again, lambda _: None))

    hard.append(3)
    second = later()
    assert [one.history for one in first.findings] == [msgspec.UNSET] * len(first.findings)
    assert all(one.history for one in second.findings)
    assert sound(shop, first, second) and later() == second
    without = [msgspec.structs.replace(one, history=msgspec.UNSET) for one in second.findings]
    assert not sound(shop, msgspec.structs.replace(second, findings=tuple(without)))


@pytest.mark.parametrize(
    ("judge", "error", "says"),
    [
        ('judge = { cheap = "embedded/smollm2-135m" }', NotAllowed, "its own partner"),
        ('judge = { cheap = "simulated-sampan/x" }', Exception, "no model"),
        ('judge = { cheap = "house/quick", strong = "house/quick" }', Malformed, "both judges"),
    ],
)
def test_a_judge_that_cannot_be_one_is_refused(
    shop: Opened, judge: str, error: type[Exception], says: str
) -> None:
    """Before the first call."""
    standard(shop, judge)
    with pytest.raises(error, match=says):
        planned(shop)


def test_a_judge_whom_our_key_does_not_reach_says_nothing(
    shop: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No failed judgement is kept of it: with the key the same answers are judged."""
    standard(shop, 'judge = { cheap = "house/quick" }')
    found = models(shop, monkeypatch, lambda _: said(4))
    refusing = RoteModel("house/quick", lambda _: Reply(status="auth", http_status=401))
    willing, found["house/quick"] = found["house/quick"], refusing
    with pytest.raises(Unavailable, match="`house/quick` does not let us in"):
        assessed(shop)
    found["house/quick"] = willing
    finding, judging = only(assessed(shop))
    assert finding.finding == "meets" and not judging.waiting
    assert all(one.failed == 0 for one in judging.tiers)
