"""Briefs: what a partner must mend, the cases to see it by, and nothing of anyone else's."""

import asyncio
import importlib.util
import json
import re
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType

import msgspec
import pytest
from sqlalchemy import select, update

from pratique.assessment.asking import ask_development
from pratique.assessment.brief import Brief, brief_of
from pratique.assessment.brief_files import LANGUAGES, MARK, files_of, write_brief
from pratique.assessment.brief_words import CAUSES_ZH, WORDS
from pratique.assessment.cases import Equals, Is, Says, expected
from pratique.assessment.causes import SHAPES, about, cause_of, causes_of, spread
from pratique.assessment.revealed import MOST_AT_ONCE, revealed, room, unrevealed
from pratique.errors import NotAllowed, NotFound
from pratique.evals.outcomes import Result, outcomes, results_of, runs
from pratique.evals.scorers import SCORERS, Target
from pratique.rollout.verify import verify
from pratique.workspace.opened import Opened
from tests.assessment.coasting import (
    MILESTONE,
    OTHER,
    OURS,
    agree,
    assessed,
    course,
    model_of,
    prepare,
    release,
)
from tests.conftest import Clock
from tests.evals.test_suites import suite_of

FIX = """
[[fixes]]
id = "Q-7"
about = "Stop declining alarms."
feature = "priority"
locale = "en"
cause = "refused"
date = 2026-11-10
"""


@pytest.fixture
def shop(opened: Opened) -> Opened:
    """Two partners on one feature, both of which fall short: each fails in its own way."""
    prepare(opened, (OURS, OTHER), bar=0.9, feature="priority")
    release(opened, OURS, 1, 0.6, refused=0.2)
    release(opened, OTHER, 1, 0.3, refused=0.5)
    assessed(opened)
    return opened


def all_of(brief: Brief) -> str:
    """Return every byte of every file."""
    return "\n".join(f"{name}\n{text}" for name, text in files_of(brief).items())


def test_nothing_of_another_partner_is_in_any_file(shop: Opened) -> None:
    """No name, no model, no run, no figure of its findings, and not even how many others there are."""
    text = all_of(brief_of(shop, "CN", OURS, reveal=3))
    other = assessed(shop).findings[1]
    assert other.candidate == f"{OTHER}/{model_of(OTHER)}"
    for word in (OTHER, "Tenon", model_of(OTHER), other.run_id, other.digest, repr(other.estimate)):
        assert word not in text
    assert repr(other.alpha) not in text and '"alpha":0.05' in text.replace(" ", "")


def test_the_brief_is_the_same_whatever_another_partner_does(shop: Opened, tmp_path: Path) -> None:
    """Byte for byte: with the other's results gone from the store, nothing changes."""
    before = files_of(brief_of(shop, "CN", OURS))
    release(shop, OTHER, 2, 0.9)
    with shop.database.begin() as connection:
        theirs = select(runs.c.id).where(runs.c.candidate.startswith(OTHER))
        changed = update(outcomes).where(outcomes.c.run_id.in_(theirs))
        assert connection.execute(changed.values(draft="theirs", outcome="failed")).rowcount > 0
    assert files_of(brief_of(shop, "CN", OURS)) == before


def test_failures_are_grouped_by_cause_and_each_counts_once(shop: Opened) -> None:
    """The causes add up to all that failed."""
    (part,) = brief_of(shop, "CN", OURS).parts
    with shop.database.connect() as connection:
        results = results_of(connection, [part.run_id])[part.run_id]
    failed = sum(not one.passed for one in results)
    assert sum(one.samples for one in part.causes) == failed > 0
    assert {"refused", "target:urgent_missed"} <= {one.id for one in part.causes}
    assert {one.of for one in part.causes} == {len(results)}
    estimated, least, most = part.gap
    assert 0 < least <= estimated <= most and part.finding == "falls_short"


def test_sealed_samples_stay_sealed(shop: Opened) -> None:
    """Without --reveal no sealed sample's text, target or id is in any file."""
    brief = brief_of(shop, "CN", OURS)
    text = all_of(brief)
    for sample in suite_of("priority", "en").samples:
        item = sample.input["item"]
        assert isinstance(item, dict)
        assert json.dumps(item["body"], ensure_ascii=False)[1:-1] not in text, sample.id
        assert f'"{sample.id}"' not in text
    assert {one.origin for one in brief.cases} == {"development"}
    assert {one.known for one in brief.cases} == {"not_asked"}
    with shop.database.connect() as connection:
        assert revealed(connection) == {}


def test_what_is_revealed_is_burnt(shop: Opened) -> None:
    """In the ledger before it is anywhere else; failed samples only; left out of suites from then on."""
    brief = brief_of(shop, "CN", OURS, reveal=3)
    shown = {one.id for one in brief.cases if one.origin == "revealed"}
    assert len(shown) == 3
    assert all(one.known == "failed" and one.cause for one in brief.cases if one.id in shown)
    suite = suite_of("priority", "en")
    with shop.database.connect() as connection:
        gone = revealed(connection)
        assert gone == {("priority", "en"): shown} == revealed(connection, OURS)
        assert revealed(connection, OTHER) == {}
    left = unrevealed(suite, gone)
    assert {one.id for one in suite.samples} - {one.id for one in left.samples} == shown
    assert left.digest != suite.digest and unrevealed(suite, {}) is suite
    again = brief_of(shop, "CN", OURS)
    assert {one.id for one in again.cases if one.origin == "revealed"} == shown
    assert not verify(shop).faults


def test_no_more_is_ever_revealed_than_a_tenth_of_a_suite(shop: Opened) -> None:
    """However often it is asked for."""
    for _ in range(4):
        brief_of(shop, "CN", OURS, reveal=5)
    suite = suite_of("priority", "en")
    with shop.database.connect() as connection:
        gone = revealed(connection)["priority", "en"]
    assert 0 < len(gone) <= len(suite.samples) // 10
    assert room(suite, len(gone), 5) == max(0, len(suite.samples) // 10 - len(gone))
    with pytest.raises(NotAllowed, match="more than a brief"):
        brief_of(shop, "CN", OURS, reveal=MOST_AT_ONCE + 1)


def test_asking_leaves_only_what_fails(shop: Opened) -> None:
    """Each development sample is asked once, and what was kept is not asked again."""
    asked = asyncio.run(ask_development(shop, "CN", OURS, lambda _: None))
    (results,) = asked.values()
    brief = brief_of(shop, "CN", OURS, asked=asked)
    failed = {one.sample_id for one in results if not one.passed}
    assert {one.id for one in brief.cases} == failed
    assert {one.known for one in brief.cases} == {"failed"}
    assert 0 < len(failed) < len(results) == 72
    assert asyncio.run(ask_development(shop, "CN", OURS, lambda _: None)) == asked


def test_promises_stand_beside_what_came(opened: Opened, clock: Clock) -> None:
    """By the runs before and since: gone, still there, or not measured."""
    prepare(opened, bar=0.9, feature="priority")
    release(opened, OURS, 1, 1.0, refused=0.4)
    assessed(opened)
    agree(opened, FIX)
    (kept,) = brief_of(opened, "CN", OURS).promises
    assert (kept.state, kept.now, kept.overdue) == ("unmeasured", None, False)
    assert kept.before is not None and kept.before[0] > 0
    clock.go_on(days=14)
    release(opened, OURS, 2, 1.0, refused=0.4)
    assessed(opened, 2)
    (kept,) = brief_of(opened, "CN", OURS).promises
    assert kept.state in ("still_there", "fewer") and kept.overdue
    clock.go_on(days=14)
    release(opened, OURS, 3, 1.0)
    assessed(opened, 3)
    (kept,) = brief_of(opened, "CN", OURS).promises
    assert (kept.state, kept.overdue) == ("gone", False)
    assert kept.now is not None and kept.at_most is not None
    assert (1 - kept.at_most) ** kept.now[1] == pytest.approx(0.05)


def test_who_was_not_assessed_gets_no_brief(opened: Opened) -> None:
    """With a word on what to do."""
    prepare(opened)
    with pytest.raises(NotFound, match="has not been assessed"):
        brief_of(opened, "CN", OURS)
    assessed(opened)
    with pytest.raises(NotFound, match="no model of"):
        brief_of(opened, "CN", OTHER)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_says_each_figure_in_its_language(
    opened: Opened, clock: Clock, language: str
) -> None:
    """Share, interval, gap, counts, run; progress and promise; marked as simulated; self-contained."""
    prepare(opened)
    course(opened, clock, [0.5, 0.55, 0.6])
    agree(opened, MILESTONE.format(date="2026-12-20", bar=0.8, certainty=0.9) + FIX)
    brief = brief_of(opened, "CN", OURS)
    files = files_of(brief)
    page, text = files[f"brief.{language}.html"], files[f"brief.{language}.md"]
    (part,) = brief.parts
    for said in (f"{part.estimate:.1%}", f"{part.bar:.1%}", part.run_id, "2026-12-20", "Q-7"):
        assert said in page and said in text
    assert WORDS[language]["simulated"].format(name=brief.name) in page
    assert f'lang="{language}"' in page and "<script" not in page
    assert not re.search(r"(src|href)=", page) and "http" not in page
    assert page.count("<svg") == 2


def test_hostile_text_stays_text(opened: Opened) -> None:
    """Whatever a plan says: no page takes it for HTML, no table for a border."""
    prepare(opened)
    assessed(opened)
    agree(
        opened, FIX.replace("Stop declining alarms.", "<img src=x onerror=alert(1)> | {{ 7 * 7 }}")
    )
    files = files_of(brief_of(opened, "CN", OURS))
    for language in LANGUAGES:
        assert "<img" not in files[f"brief.{language}.html"] + files[f"brief.{language}.md"]
        assert "&gt; \\| {{ 7" in files[f"brief.{language}.md"]


def test_words_are_the_same_in_every_language() -> None:
    """None is missing, and each is filled with the same figures."""
    assert set(WORDS) == set(LANGUAGES)
    english, chinese = WORDS["en"], WORDS["zh-Hans"]
    assert set(english) == set(chinese)
    for name in english:
        fields = [sorted(re.findall(r"\{(\w+)", one[name])) for one in (english, chinese)]
        assert fields[0] == fields[1], name
    parts = ("who", "where", "what", "when", "title", "start", "end", "place")
    kinds = {f"target:{one}" for one in (*parts, *(shape.id for shape in SHAPES if shape.id))}
    assert {"refused", "blocked", "invalid", "failed", "target", "check"} | kinds == set(CAUSES_ZH)


def test_a_folder_that_is_no_brief_is_left_alone(shop: Opened, tmp_path: Path) -> None:
    """One that is a brief is replaced as a whole."""
    brief = brief_of(shop, "CN", OURS)
    folder = tmp_path / "out"
    paths = write_brief(folder, brief)
    assert {path.relative_to(folder).as_posix() for path in paths} == set(files_of(brief))
    assert all(path.is_file() for path in paths)
    (folder / "stale.txt").write_text("of an earlier brief")
    write_brief(folder, brief)
    assert not (folder / "stale.txt").exists()
    (folder / MARK).unlink()
    with pytest.raises(NotAllowed, match="no brief"):
        write_brief(folder, brief)


def exported(folder: Path) -> ModuleType:
    """Return the exported task's module, with stand-ins for what it takes from Inspect."""
    source = (folder / "regression.py").read_text(encoding="utf-8")
    pure = source[source.index("def faults_of") :]
    path = folder / "pure.py"
    path.write_text("import json\nimport unicodedata\n\n\n" + pure, encoding="utf-8")
    spec = importlib.util.spec_from_file_location("pure", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


WRONG = (json.dumps({"urgent": "yes"}), "", "no json {", "{}")


def right_answer(case: Mapping[str, object]) -> str:
    """Return the answer that a case of `priority` expects."""
    expects = case["expects"]
    assert isinstance(expects, list)
    return "Sure: " + json.dumps({"urgent": expects[0]["value"], "reason_code": "safety"})


def test_the_exported_checks_say_what_ours_do(shop: Opened, tmp_path: Path) -> None:
    """A right answer passes, a wrong or an unreadable one does not, in Python and in JavaScript."""
    folder = tmp_path / "out"
    write_brief(folder, brief_of(shop, "CN", OURS))
    lines = (folder / "cases" / "keystone.priority.en.jsonl").read_text(encoding="utf-8")
    cases = [json.loads(line) for line in lines.splitlines()][:6]
    module = exported(folder)
    python = [
        [not module.faults_of(case, one) for one in (right_answer(case), *WRONG)] for case in cases
    ]
    assert python == [[True, False, False, False, False]] * len(cases)
    if shutil.which("node") is None:
        return
    asked = [[case["key"], [right_answer(case), *WRONG]] for case in cases]
    code = (
        "const { messages, expectations } = require('./cases.js');"
        f"const asked = {json.dumps(asked)};"
        "console.log(JSON.stringify(asked.map(([key, answers]) => answers.map("
        "(one) => expectations(one, { vars: { key } }).pass && messages({ vars: { key } }).length > 0))));"
    )
    done = subprocess.run(
        ["node", "-e", code], cwd=folder, capture_output=True, check=True, timeout=30
    )
    assert json.loads(done.stdout) == python


@pytest.mark.parametrize(
    ("suite", "whole"),
    [
        ("priority", True),
        ("proofread", True),
        ("summarize", True),
        ("smart_reply", True),
        ("transform", True),
        ("structure", False),
        ("translate", False),
        ("photo_query", False),
    ],
)
def test_what_a_case_expects_is_no_more_than_our_scorer_asks(
    suite: str, whole: bool, tmp_path: Path
) -> None:
    """Over every sealed sample: an output that our scorer passes holds all that the case expects."""
    read = suite_of(suite, "en")
    name = read.file.scorer
    (tmp_path / "regression.py").write_text(
        (
            Path(__file__).parents[2] / "src/pratique/assessment/templates/brief/regression.py.txt"
        ).read_text(encoding="utf-8"),
        encoding="utf-8",
    )
    module = exported(tmp_path)
    wrong: dict[str, object] = {"text": "x", "corrected": "x", "urgent": None, "summary": "x"}
    for sample in read.samples:
        expects, all_of_it = expected(name, sample.target)
        assert all_of_it is whole
        plain = msgspec.to_builtins(expects)
        for output in (perfect(sample.target), wrong):
            ours = SCORERS[name].score(sample.target, sample.input, output).met
            theirs = not [fault for one in plain for fault in module.missed(one, output)]
            assert theirs if ours else (theirs is False or not whole), sample.id


def perfect(target: Target) -> dict[str, object]:
    """Return an output that says everything a target wants in each field that there is."""
    said = ". ".join(group[0] for group in target.must)
    return {
        "corrected": target.accept[0] if target.accept else "",
        "urgent": target.urgent,
        "class": target.wish,
        "text": None if target.null_text else (target.accept[0] if target.accept else said or "ok"),
        "summary": said,
        "replies": [said],
    }


def test_forms_of_expectations_are_told_apart() -> None:
    """By their kind, as a reader in any language needs it."""
    forms = [
        Equals(field="a", values=("b",)),
        Is(field="a", value=False),
        Says(groups=(("b",),), need=1),
    ]
    assert [msgspec.to_builtins(one)["kind"] for one in forms] == ["equals", "is", "says"]
    assert msgspec.to_builtins(forms[1])["value"] is False


def test_cases_are_spread_over_causes(shop: Opened) -> None:
    """The rarest cause is seen before the most frequent one is seen twice."""
    (part,) = brief_of(shop, "CN", OURS).parts
    with shop.database.connect() as connection:
        results = results_of(connection, [part.run_id])[part.run_id]
    causes = causes_of(results)
    few = spread(results, len(causes))
    assert {cause_of(one) for one in few} == {one.id for one in causes}


@pytest.mark.parametrize(
    ("why", "cause"),
    [
        ("says “sure profit”; lacks “may”", "target:says"),
        ("lacks the question “Which day?”", "target:lacks"),
        ("lacks “Mrs Lund”", "target:lacks"),
        ("event 2: `start` should be 2026-05-01", "target:start"),
        ("`who` should be Ines", "target:who"),
        ("3 × entry, should be 4", "target:count"),
        ("row 2, cell 3 should say “tea”", "target:entry"),
        ("something of Mrs Lund", "target"),
        ("", "target"),
    ],
)
def test_a_miss_is_told_by_its_shape_and_never_by_its_words(why: str, cause: str) -> None:
    """A sealed sample's words are in a scorer's reason; what is told has none of them."""
    result = msgspec.structs.replace(missed, why=why)
    assert cause_of(result) == cause and about(cause)
    assert "Lund" not in cause + about(cause)


missed = Result(
    position=0,
    sample_id="s",
    outcome="scored",
    reply="ok",
    met=False,
    share=0.0,
    why="",
    output=None,
    draft="",
    checks=(),
    seconds=0.0,
    input_tokens=0,
    output_tokens=0,
    asked=1,
)
"""A sample that was answered and missed."""
