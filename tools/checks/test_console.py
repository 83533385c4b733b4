"""The console in a real browser: three people, two languages, two screens, the whole road."""

import asyncio
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec
import pytest

from pratique.assessment.assess import assess
from pratique.assessment.candidates import offer
from pratique.assessment.planning import plan
from pratique.evals.budget import Budget
from pratique.people.accounts import add
from pratique.people.passwords import set_password
from pratique.rehearsal.caller import running
from pratique.rollout.pack_steps import begin
from pratique.settings.workspace import open_workspace
from pratique.workspace.init import init
from pratique.workspace.opened import Opened
from tools.checks.sdk_clients import PYTHON, ROOT

OUT = ROOT / "build" / "console"
AXE = ROOT / "tools" / "checks" / "npm" / "node_modules" / "axe-core" / "axe.min.js"
PASSWORD = "five words nobody puts together"  # noqa: S105  (of accounts made for this check)
PEOPLE = {"vera": ["viewer"], "rolf": ["reviewer"], "olga": ["operator", "reviewer"]}
CANDIDATES = '["embedded/rules", "embedded/smollm2-135m"]'
BARS = """id = "practice"
about = "Low bars, so that there is something to practise with."
alpha = 0.05
family = "bonferroni"
truth = "bank"
"""
FEATURES = ("proofread", "summarize", "smart_reply", "priority")
BUDGET = 80
"""Calls that may go out: the rules decide quickly, the model stays undecided where it is slow."""


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sequence[dict[str, Any]]]:
    """What the walk told, against a service on what the embedded candidates really answered."""
    assert AXE.is_file(), "axe-core is missing: run `make tools`"
    folder = tmp_path_factory.mktemp("console") / "shop"
    assessed(folder)
    with running(folder, "CN") as caller:
        walk = [str(PYTHON), str(ROOT / "tools" / "checks" / "console" / "walk.py")]
        done = subprocess.run(
            [*walk, caller.address, str(OUT), str(AXE), PASSWORD],
            capture_output=True,
            text=True,
            timeout=1_200,
        )
    assert done.returncode == 0, done.stderr[-4_000:]
    yield [msgspec.json.decode(line) for line in done.stdout.splitlines()]


def assessed(folder: Path) -> None:
    """Make a workspace with three people, assess it, and leave the rest to the browser."""
    init(folder, rehearsal=True)
    market = folder / "markets" / "CN.toml"
    text = market.read_text(encoding="utf-8")
    text = text.replace('standard = "embedded"', 'standard = "practice"')
    text = text.replace(
        '["embedded/smollm2-135m", "embedded/gemma3-270m", "embedded/rules"]', CANDIDATES
    )
    market.write_text(text, encoding="utf-8")
    (folder / "standards").mkdir(exist_ok=True)
    bars = "".join(f'\n[[requirements]]\nfeature = "{one}"\nbar = 0.15\n' for one in FEATURES)
    (folder / "standards" / "practice.toml").write_text(BARS + bars, encoding="utf-8")
    opened = Opened(open_workspace(folder), who="ada")
    begin(opened)
    with opened.database.begin() as connection:
        for name, roles in PEOPLE.items():
            add(connection, name, roles, opened.clock())
            set_password(connection, name, PASSWORD, opened.clock())
    planned = plan(opened.workspace, offer(opened.workspace, "CN"), seed=1)
    asyncio.run(assess(opened, planned, lambda _: None, budget=Budget(calls=BUDGET)))
    opened.close()


def step(seen: Sequence[dict[str, Any]], name: str) -> dict[str, Any]:
    """Return what the walk told of one step of the road."""
    return next(one for one in seen if one.get("step") == name)


def test_the_whole_road_is_clicked(seen: Sequence[dict[str, Any]]) -> None:
    """From the assessment to a stage, a halt that a phone feels at once, and back to the run."""
    started = step(seen, "started")
    assert len(started["said"]) == 8 and all(one.startswith("✓") for one in started["said"])
    assert started["stage"] == "2 %"
    assert step(seen, "halted")["text"].endswith("a drill <b>of the console</b>")
    assert "This feature is halted at the moment." in step(seen, "tried")["text"]
    assert step(seen, "resumed")["text"].startswith("✓")
    traced = step(seen, "traced")
    assert traced["url"].startswith("/console/verdict/run-") and traced["cases"] > 0


def test_the_phone_shows_edits_replies_and_where_they_come_from(
    seen: Sequence[dict[str, Any]],
) -> None:
    """Each edit is taken or left by itself; model, number and mark stand below each answer."""
    found = step(seen, "answer")
    assert found["edits"] >= 1 and found["reverted"] == 1
    assert "tommorow" not in found["text"]
    assert (found["replies"], found["sent"]) == (3, 1)
    assert "embedded/rules" in found["origin"] and "REHEARSAL-9" in found["origin"]
    assert "simulated" in found["origin"] and all(found["ranks"])


def test_no_request_leaves_the_machine_and_no_script_fails(seen: Sequence[dict[str, Any]]) -> None:
    """Whatever the browser asked for, it asked of this machine."""
    last = seen[-1]
    assert last["hosts"] == ["127.0.0.1"]
    assert last["faults"] == []


def test_pages_fit_their_screen_and_speak_their_language(seen: Sequence[dict[str, Any]]) -> None:
    """No page runs out of a phone's screen; whoever may not act sees no form."""
    pages = [one for one in seen if "page" in one]
    assert len(pages) == 4 * (10 + 10 + 11) + 4
    for one in pages:
        assert one["overflow"] <= 0, one
        assert one["lang"] == {"en": "en", "zh": "zh-Hans"}[one["language"]], one
        if one["who"] == "vera" and "/filing" not in one["page"]:
            assert one["forms"] == 0, one


def test_axe_finds_nothing_serious(seen: Sequence[dict[str, Any]]) -> None:
    """On no page, in no language, on no screen, in no colour scheme."""
    found = [
        (one["page"], one["language"], one["size"], one["axe"]) for one in seen if "axe" in one
    ]
    assert len(found) == 4 * 11 + 4
    assert [one for one in found if one[3]] == []


def test_everything_is_reached_by_the_keyboard(seen: Sequence[dict[str, Any]]) -> None:
    """Links, buttons, fields: the Tab key comes to all of them."""
    found = [one for one in seen if "keyboard" in one]
    assert len(found) == 11
    assert [one for one in found if one["unreached"]] == []
