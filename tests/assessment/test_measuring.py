"""Measuring: figures of one suite or data set that add up, and go on where they stopped."""

import asyncio
import json
from collections.abc import Callable, Mapping
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner, Result

from pratique.assessment.assess import assess
from pratique.assessment.candidates import offer
from pratique.assessment.measuring import Measured, measure, suite_named, wilson
from pratique.assessment.planning import plan
from pratique.cli.main import program
from pratique.errors import Malformed, NotFound, PratiqueError
from pratique.evals.datasets import DATASETS
from pratique.partners.contract import Reply
from pratique.partners.pool import Pool
from pratique.workspace.opened import Opened
from tests.conftest import RoteModel

SET = "zh-spelling-law"
FILE = "ec_law_test.tsv"
PAIRS = (
    ("房东以经收到了押金。", "房东已经收到了押金。"),
    ("租期是一年，从三月算起。", "租期是一年，从三月算起。"),
    ("请在本周五以前答复我们。", "请在本周五以前答复我们。"),
    ("他因该先付一半的定金。", "他应该先付一半的定金。"),
    ("合同一式两份，各执一份。", "合同一式两份，各执一份。"),
    ("我们在讨论一下这个条款。", "我们再讨论一下这个条款。"),
    ("钥匙放在门口的信箱里。", "钥匙放在门口的信箱里。"),
    ("修理的费用由房客承坦。", "修理的费用由房客承担。"),
    ("水电费每月结算一次。", "水电费每月结算一次。"),
    ("他跟本没有看过那封信。", "他根本没有看过那封信。"),
)
RIGHT = dict(PAIRS)
CHAT, RULES = "embedded/smollm2-135m", "embedded/rules"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """An operator's folder with one data set of ten rows."""
    folder = tmp_path / "data"
    written(folder, PAIRS)
    return folder


def written(folder: Path, rows: tuple[tuple[str, ...], ...]) -> Path:
    """Write *rows* as the data set and return their file."""
    path = folder / SET / FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join("\t".join(row) + "\n" for row in rows), encoding="utf-8")
    return path


@pytest.fixture
def narrow(opened: Opened) -> Opened:
    """A workspace whose market has one feature and two candidates."""
    narrowed(opened, ["priority"], [CHAT, RULES])
    return opened


def narrowed(opened: Opened, features: list[str], candidates: list[str]) -> None:
    """Let the market have these features and candidates only."""
    path = opened.workspace.folder / "markets" / "CN.toml"
    lines = [
        f"features = {json.dumps(features)}"
        if line.startswith("features")
        else f"candidates = {json.dumps(candidates)}"
        if line.startswith("candidates")
        else line
        for line in path.read_text().splitlines()
    ]
    path.write_text("\n".join(lines) + "\n")


def corrected(text: str) -> str:
    """Answer as the rules do: the whole output, always right."""
    return json.dumps({"corrected": RIGHT[msgspec.json.decode(text)["input"]["text"]]})


def models(
    monkeypatch: pytest.MonkeyPatch, chat: Callable[[str], str | Reply], concurrency: int = 1
) -> dict[str, RoteModel]:
    """Put models in the candidates' places: *chat* for the one, always right for the other."""
    found = {
        CHAT: RoteModel(CHAT, chat, concurrency),
        RULES: RoteModel(RULES, corrected, concurrency),
    }
    monkeypatch.setattr(Pool, "connected", lambda _, candidate: found[candidate.name])
    return found


def measured(opened: Opened, data: Path, samples: int = 200, seed: int = 1) -> dict[str, Measured]:
    """Measure the data set and return what came of it by candidate."""
    offered = offer(opened.workspace, "CN")
    suites = suite_named(opened, SET, data)
    found = asyncio.run(measure(opened, offered, suites, samples, seed, lambda _: None))
    assert [one.candidate for one in found] == [one.name for one in offered.candidates]
    return {one.candidate: one for one in found}


def by_rote(text: str) -> str:
    """Leave every text as it is: right where nothing was wrong."""
    return text


def test_the_share_is_of_every_sample_that_was_drawn(
    narrow: Opened, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half of the rows are right as they stand; the other candidate mends all of them."""
    found = models(monkeypatch, by_rote)
    result = measured(narrow, data)
    chat, rules = result[CHAT], result[RULES]
    assert (chat.samples, chat.of, chat.passed) == (10, 10, 0.5)
    assert (rules.samples, rules.of, rules.passed) == (10, 10, 1.0)
    assert (chat.low, chat.high) == wilson(5, 10) and (rules.low, rules.high) == wilson(10, 10)
    for name, one in result.items():
        assert (one.feature, one.locale, one.suite) == ("proofread", "zh-Hans", SET)
        assert one.calls == len(found[name].calls)
    assert chat.run_id != rules.run_id


def test_what_is_no_answer_counts_as_not_passed(
    narrow: Opened, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A refusal and a failure stay in the denominator: leaving them out would reward refusing."""
    statuses = iter([Reply(status="refused"), Reply(status="timeout"), Reply(status="overloaded")])
    models(monkeypatch, lambda text: next(statuses, None) or RIGHT[text])
    one = measured(narrow, data)[CHAT]
    assert (one.samples, one.passed, one.calls) == (10, 0.7, 10)


def test_only_as_many_samples_are_drawn_as_were_asked_for(
    narrow: Opened, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of each candidate the same ones, by the seed."""
    found = models(monkeypatch, by_rote)
    result = measured(narrow, data, samples=4)
    assert {(one.samples, one.of, one.calls) for one in result.values()} == {(4, 10, 4)}
    texts = [
        [turn.content.reveal() for call in model.calls for turn in call.turns[-1:]]
        for model in found.values()
    ]
    assert [msgspec.json.decode(text)["input"]["text"] for text in texts[1]] == texts[0]


@pytest.mark.parametrize("concurrency", [1, 2, 7, 20])
def test_calls_at_once_draw_no_more(
    narrow: Opened, data: Path, monkeypatch: pytest.MonkeyPatch, concurrency: int
) -> None:
    """What is in flight counts as drawn."""
    found = models(monkeypatch, by_rote, concurrency)
    result = measured(narrow, data, samples=7)
    assert {one.samples for one in result.values()} == {7}
    assert [len(model.calls) for model in found.values()] == [7, 7]


def test_another_seed_draws_others_anew(
    narrow: Opened, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is reused across drawings."""
    models(monkeypatch, by_rote)
    first = measured(narrow, data, samples=5, seed=1)
    again = models(monkeypatch, by_rote)
    second = measured(narrow, data, samples=5, seed=2)
    assert first[CHAT].run_id != second[CHAT].run_id
    assert [len(model.calls) for model in again.values()] == [5, 5]


# Each worked out by hand from (p + z²/2n ± z·√(p(1−p)/n + z²/4n²)) / (1 + z²/n), z² = 3.841459.
HAND: Mapping[tuple[int, int], tuple[float, float]] = {
    # n + z² = 4.841459: 0, and z² / (n + z²)
    (0, 1): (0.0, 0.793451),
    # n / (n + z²), and 1
    (1, 1): (0.206549, 1.0),
    # (1 + 1.920729 ± 1.959964·√(0.5 + 0.960365)) / 5.841459 = (2.920729 ± 2.368524) / 5.841459
    (1, 2): (0.094532, 0.905468),
    # (5 + 1.920729 ± 1.959964·√(2.5 + 0.960365)) / 13.841459 = (6.920729 ± 3.645922) / 13.841459
    (5, 10): (0.236594, 0.763406),
    # 0, and 3.841459 / 13.841459
    (0, 10): (0.0, 0.277533),
    # 10 / 13.841459, and 1
    (10, 10): (0.722467, 1.0),
    # (7 + 1.920729 ± 1.959964·√(2.1 + 0.960365)) / 13.841459 = (8.920729 ± 3.428740) / 13.841459
    (7, 10): (0.396779, 0.892208),
    # (18 + 1.920729 ± 1.959964·√(1.8 + 0.960365)) / 23.841459 = (19.920729 ± 3.256339) / 23.841459
    (18, 20): (0.698966, 0.972134),
    # 200 / 203.841459, and 1
    (200, 200): (0.981155, 1.0),
}


@pytest.mark.parametrize(("passed", "count"), HAND)
def test_intervals_are_those_worked_out_by_hand(passed: int, count: int) -> None:
    """Wilson's, at 95 %, without a correction."""
    assert wilson(passed, count) == pytest.approx(HAND[passed, count], abs=2e-6)


@pytest.mark.parametrize("count", [1, 2, 3, 10, 97, 1_000, 10**6])
def test_an_interval_holds_its_share_and_stays_within_0_and_1(count: int) -> None:
    """It mirrors, too: as many failures are as sure as so many passes."""
    for passed in {0, 1, count // 3, count // 2, count - 1, count}:
        low, high = wilson(passed, count)
        assert 0.0 <= low <= passed / count <= high <= 1.0
        assert low < high
        assert wilson(count - passed, count) == pytest.approx((1 - high, 1 - low), abs=1e-9)


def test_a_call_that_mends_is_counted(
    narrow: Opened, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever pays for two calls reads two: the first answer to each wrong text fails a check."""

    def mended(text: str) -> str:
        if text in RIGHT:
            return text if RIGHT[text] == text else "This is quite another language."
        return "房东已经收到了押金。"

    found = models(monkeypatch, mended)
    one = measured(narrow, data)[CHAT]
    assert (one.samples, one.calls, len(found[CHAT].calls)) == (10, 15, 15)
    assert one.passed == 0.6


def test_it_goes_on_from_what_was_kept(
    narrow: Opened, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Again costs nothing, and more costs only what is more."""
    models(monkeypatch, by_rote)
    first = measured(narrow, data, samples=6)
    again = models(monkeypatch, by_rote)
    assert measured(narrow, data, samples=6) == first
    assert not any(model.calls for model in again.values())
    more = measured(narrow, data, samples=9)
    assert [len(model.calls) for model in again.values()] == [3, 3]
    assert {(one.samples, one.calls) for one in more.values()} == {(9, 9)}
    assert more[CHAT].run_id == first[CHAT].run_id


def test_fewer_samples_than_were_kept_are_those_that_were_asked_for(
    narrow: Opened, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A figure does not depend on what was run before it."""
    models(monkeypatch, by_rote)
    few = measured(narrow, data, samples=3)
    measured(narrow, data, samples=10)
    again = models(monkeypatch, by_rote)
    assert measured(narrow, data, samples=3) == few
    assert not any(model.calls for model in again.values())


def test_where_an_assessment_stopped_has_no_part_in_an_interval(
    narrow: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It stops when its results are clear, so its count was not fixed beforehand."""
    sure = '{"urgent": true, "reason_code": "safety"}'
    found = {name: RoteModel(name, lambda _: sure) for name in (CHAT, RULES)}
    monkeypatch.setattr(Pool, "connected", lambda _, candidate: found[candidate.name])
    planned = plan(narrow.workspace, offer(narrow.workspace, "CN"), seed=1)
    assessment = asyncio.run(assess(narrow, planned, lambda _: None))
    assert all(one.samples > 2 for one in assessment.findings)
    suites = suite_named(narrow, "priority", None)
    result = asyncio.run(measure(narrow, planned.offer, suites, 2, 1, lambda _: None))
    assert {one.samples for one in result} == {2}
    assert {(one.low, one.high) for one in result} <= {wilson(n, 2) for n in range(3)}


def test_an_interrupted_run_keeps_what_was_answered(
    narrow: Opened, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Answers that were paid for are not asked for twice."""
    left = iter(range(4))

    def stopping(text: str) -> str:
        if next(left, None) is None:
            raise KeyboardInterrupt
        return text

    models(monkeypatch, stopping)
    with pytest.raises((KeyboardInterrupt, BaseExceptionGroup)):
        measured(narrow, data)
    again = models(monkeypatch, by_rote)
    one = measured(narrow, data)[CHAT]
    assert (one.samples, one.passed, len(again[CHAT].calls)) == (10, 0.5, 6)


def test_a_changed_row_is_another_run(
    narrow: Opened, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Results say nothing of rows that they were not made on."""
    models(monkeypatch, by_rote)
    before = measured(narrow, data)[CHAT]
    written(data, PAIRS[1:])
    again = models(monkeypatch, by_rote)
    after = measured(narrow, data)[CHAT]
    assert after.run_id != before.run_id
    assert (after.samples, after.of, len(again[CHAT].calls)) == (9, 9, 9)


@pytest.mark.parametrize(
    ("line", "harm"),
    [
        (1, "只有一列"),
        (4, "一\t二\t三"),
        (10, "一\t"),
        (7, ""),
        (3, "   "),
    ],
)
def test_a_malformed_row_names_file_and_line(
    narrow: Opened, data: Path, monkeypatch: pytest.MonkeyPatch, line: int, harm: str
) -> None:
    """And nothing is called before it is mended."""
    path = data / SET / FILE
    rows = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([*rows[: line - 1], harm, *rows[line:]]) + "\n", encoding="utf-8")
    found = models(monkeypatch, by_rote)
    with pytest.raises(Malformed) as caught:
        measured(narrow, data)
    assert (caught.value.path, caught.value.line) == (path, line)
    assert f"{path}:{line}: " in caught.value.message
    assert not any(model.calls for model in found.values())


def test_unknown_names_list_the_known(narrow: Opened, data: Path) -> None:
    """A typing mistake is mended by reading the error."""
    for folder in (data, None):
        with pytest.raises(NotFound, match="`zh-speling-law`") as caught:
            suite_named(narrow, "zh-speling-law", folder)
        assert all(name in caught.value.hint for name in DATASETS)
    with pytest.raises(NotFound, match="`zh-spelling-law`") as caught:
        suite_named(narrow, SET, None)
    assert "--data" in caught.value.hint
    with pytest.raises(NotFound, match="`priority`"):
        suite_named(narrow, "priority", data)


def test_a_folder_without_the_set_is_said_to_be(narrow: Opened, tmp_path: Path) -> None:
    """By the file that is not there."""
    with pytest.raises(NotFound, match=FILE) as caught:
        suite_named(narrow, SET, tmp_path)
    assert caught.value.hint


def test_a_suite_of_the_product_is_measured_in_each_of_its_locales(narrow: Opened) -> None:
    """Its name is enough."""
    found = suite_named(narrow, "priority", None)
    assert [one.locale for one in found] == ["en", "zh-Hans", "zh-Hant"]
    assert {one.id for one in found} == {"priority"} and all(one.samples for one in found)


def shell(opened: Opened, *words: str) -> Result:
    """Run `pratique assess` in the workspace."""
    return CliRunner().invoke(
        program, ["assess", "--workspace", str(opened.workspace.folder), *words]
    )


def told(done: Result) -> str:
    """Return in which words a command failed: of the program, or of an error that we explain."""
    assert done.exit_code != 0 and not done.stdout
    if isinstance(done.exception, PratiqueError):
        return done.exception.message
    assert isinstance(done.exception, SystemExit)
    return done.stderr


@pytest.fixture
def ruled(opened: Opened) -> Opened:
    """A workspace with the rules as its only candidate."""
    narrowed(opened, ["priority"], [RULES])
    return opened


def test_the_command_prints_one_document(ruled: Opened, data: Path) -> None:
    """For real, by the rules, and the second time from what was kept."""
    words = ("--suite", SET, "--data", str(data), "--samples", "5", "--json")
    done = shell(ruled, *words)
    assert done.exit_code == 0, done.output
    document = json.loads(done.stdout)
    assert (document["suite"], document["seed"]) == (SET, 1)
    (one,) = document["measured"]
    assert (one["feature"], one["locale"], one["candidate"]) == ("proofread", "zh-Hans", RULES)
    assert (one["samples"], one["of"], one["calls"]) == (5, 10, 5)
    assert [one["low"], one["high"]] == pytest.approx(wilson(round(one["passed"] * 5), 5))
    assert {trend["name"] for trend in one["trends"]}
    assert shell(ruled, *words).stdout == done.stdout


def test_the_command_prints_a_table_for_people(ruled: Opened, data: Path) -> None:
    """With share, interval and counts."""
    done = shell(ruled, "--suite", SET, "--data", str(data), "--samples", "5")
    assert done.exit_code == 0, done.output
    assert "5 of 10" in done.stdout and RULES in done.stdout and "95 %" in done.stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--suite", "zh-speling-law"), "zh-speling-law"),
        (("--suite", "priority"), "no data set"),
        ((), "--suite"),
        (("--suite", SET, "--samples", "0"), "samples"),
    ],
)
def test_the_command_says_what_is_wrong(
    ruled: Opened, data: Path, words: tuple[str, ...], said: str
) -> None:
    """In words, and with nothing on stdout."""
    assert said in told(shell(ruled, "--data", str(data), "--json", *words))


def test_the_command_names_file_and_line_of_a_broken_row(ruled: Opened, data: Path) -> None:
    """As `grep` would."""
    path = written(data, (*PAIRS[:2], ("一列",), *PAIRS[3:]))
    done = shell(ruled, "--suite", SET, "--data", str(data), "--json")
    assert f"{path}:3: " in told(done)
