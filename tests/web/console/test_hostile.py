"""Hostile content: whatever a model wrote is shown as text, and breaks nothing."""

import re
from datetime import UTC, datetime

import pytest

from pratique.assessment.candidates import offer
from pratique.assessment.decisions import Assessment, keep_assessment
from pratique.assessment.findings import Finding
from pratique.evals.outcomes import Result, RunKey, keep_all, open_run
from pratique.evals.suites import packaged as packaged_suites
from pratique.evals.suites import read_suite
from pratique.ledger.chain import entries
from pratique.serving.variant import digest_of
from pratique.web.service import Service
from tests.rollout.conftest import CANDIDATE, FEATURE, LOCALE
from tests.web.console.conftest import Browser

SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(2)>"
TURNED = "safe \u202egnp.exe\u202c \u2066x\u2069 \u200b\x00\x1b[31m"
LONG = "x" * 1_000_000
EMOJI = "".join(map(chr, range(0x1F300, 0x1FAFF))) + "👨‍👩‍👧‍👦🏳️‍🌈"
HOSTILE = (
    SCRIPT,
    TURNED,
    LONG,
    EMOJI,
    "\"'><svg/onload=alert(3)>",
    "{{ 7 * 7 }}{% raw %}",
    "\ud800",
    "&lt;b&gt;",
)


@pytest.fixture
def run(service: Service) -> str:
    """A run whose answers are hostile, judged by an assessment; the other run beside it, too."""
    opened = service.opened
    pack = service.packs[FEATURE]
    suite = read_suite(
        opened.workspace.content("suites", packaged_suites()), FEATURE, LOCALE, pack.input_schema
    )
    variant = offer(opened.workspace, "CN").variant(FEATURE, LOCALE, CANDIDATE)
    findings = []
    for seed in (1, 2):
        key = RunKey(
            market="CN",
            feature=FEATURE,
            locale=LOCALE,
            candidate=CANDIDATE,
            digest=digest_of(variant),
            suite=suite.digest,
            seed=seed,
        )
        results = [
            Result(
                position=place,
                sample_id=suite.samples[place].id,
                outcome="scored",
                reply="ok",
                met=seed == 1,
                share=0.5,
                why=text.encode(errors="replace").decode(),
                output={"summary": text.encode(errors="replace").decode() + str(seed)},
                draft="",
                checks=(),
                seconds=0.1,
                input_tokens=1,
                output_tokens=1,
                asked=1,
            )
            for place, text in enumerate(HOSTILE)
        ]
        with opened.database.begin() as connection:
            open_run(connection, key, opened.clock())
            keep_all(connection, [(key.id, one) for one in results], opened.clock())
        findings.append(_finding(key, len(results), suite.id))
    assessment = Assessment(
        market="CN",
        standard=f"embedded {SCRIPT}",
        standard_digest="sha256:" + "0" * 64,
        seed=1,
        alpha=0.05,
        family="bonferroni",
        left_out=(SCRIPT, TURNED),
        findings=tuple(findings),
    )
    with opened.database.begin() as connection:
        keep_assessment(connection, assessment, datetime(2026, 11, 2, tzinfo=UTC))
    return findings[0].run_id


def _finding(key: RunKey, samples: int, suite: str) -> Finding:
    return Finding(
        feature=key.feature,
        locale=key.locale,
        candidate=key.candidate,
        digest=key.digest,
        metric="passed",
        estimate=1.0,
        low=0.4,
        high=1.0,
        samples=samples,
        calls=samples,
        full_calls=64,
        bar=0.3,
        finding="meets",
        truth="bank",
        alpha=0.01,
        seed=key.seed,
        run_id=key.id,
        suite=key.suite,
        suite_id=suite,
        seconds_per_call=0.1,
    )


def harmless(page: str) -> None:
    """Refuse a page in which anything of the content became markup, or turned the direction."""
    assert "<img" not in page and "<svg/onload" not in page and "alert(1)</script>" not in page
    assert set(re.findall(r"<script[^>]*>", page)) <= {
        '<script type="module" src="/console/static/try.js">'
    }
    assert not re.search("[\u202a-\u202e\u2066-\u2069\x00\x1b]", page)
    assert len(page) < 300_000


def test_answers_are_shown_as_text(browser: Browser, run: str) -> None:
    """HTML, scripts, overrides of direction, a million characters on one line, every emoji."""
    browser.log_in("rolf")
    found = browser.get(f"/console/verdict/{run}")
    assert found.status_code == 200
    harmless(found.text)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in found.text
    assert "⟦U+202E⟧gnp.exe" in found.text
    assert "[…1000001]" in found.text and "👨‍👩‍👧‍👦" in found.text
    assert "{{ 7 * 7 }}" in found.text


def test_two_hostile_runs_stand_side_by_side(browser: Browser, run: str, service: Service) -> None:
    """The difference is marked where it is, and a million characters take no minute."""
    browser.log_in("vera")
    page = browser.get("/console/candidates").text
    other = next(one for one in re.findall(r"/console/verdict/(run-\w+)", page) if one != run)
    harmless(page)
    found = browser.get(f"/console/verdict/{run}", other=other, differ="1")
    assert found.status_code == 200
    harmless(found.text)
    assert "<mark>" in found.text
    assert service.rules.market.id == "CN"


@pytest.mark.usefixtures("release")
def test_a_hostile_reason_and_filter_are_text_everywhere(
    browser: Browser, service: Service
) -> None:
    """What an operator types into a form, or a link puts into a filter."""
    browser.log_in("olga")
    path = f"/console/rollout/{FEATURE}/{LOCALE}"
    assert browser.post(f"{path}/halt", reason=f"{SCRIPT}{TURNED[:20]}").status_code == 303
    for page in (path, "/console", "/console/rollout", "/console/ledger"):
        harmless(browser.get(page).text)
    harmless(browser.get("/console/ledger", about=f'"{SCRIPT}', who=TURNED[:30], kind="%").text)
    harmless(browser.get("/console/candidates", feature=SCRIPT, at="-1").text)
    harmless(browser.get(f"/console/partners/{SCRIPT}").text)
    harmless(browser.get("/console/verdict/run-<b>").text)
    with service.opened.database.connect() as connection:
        who = [one.who for one in entries(connection, kind="release.halted")]
    assert who == ["olga"]


def test_fields_and_queries_of_any_shape_are_answered(browser: Browser) -> None:
    """A page or a refusal, never a failure of ours."""
    browser.log_in("olga")
    for page in ("/console", "/console/candidates", "/console/ledger", "/console/rollout"):
        for value in ("0", "-5", "99999999999999999999", "x", "1e9", ""):
            assert browser.get(page, at=value).status_code in (200, 400), (page, value)
    long = browser.post("/console/halts/order", reason="y" * 5_000)
    assert long.status_code == 403 and "at most" in long.text
    huge = browser.client.post("/console/halts/order", data={"reason": "z" * 400_000})
    assert huge.status_code in (400, 413)
    assert browser.post("/console/rollout/none/en/start").status_code == 404
    assert browser.post(f"/console/rollout/{FEATURE}/{LOCALE}/explode").status_code == 404
