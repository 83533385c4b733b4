"""Whether a partner can carry us: measured under load, and rolled up so that unknown never passes."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
import pytest

from pratique.assessment.support import support_page
from pratique.assessment.support.capacity import (
    Capacity,
    capacity,
    evidence_of,
    judge,
    partners_of,
    support_of,
    verdict_of,
)
from pratique.assessment.support.entering import enter_attested, enter_probe
from pratique.assessment.support.items import Item
from pratique.assessment.support.notices import Retired, notice_state
from pratique.assessment.support.objectives import (
    Step,
    Support,
    item_names,
    packaged,
    read_support,
)
from pratique.assessment.support.probes import LoadFigures, Probe, load_figures
from pratique.assessment.support.probing import Cap, Prober, Subject, questions, subject_of
from pratique.errors import Malformed, NotAllowed, NotFound
from pratique.evals.load.open_loop import Question
from pratique.evals.load.virtual_time import played
from pratique.partners.catalogue import Candidate, find_candidate
from pratique.partners.simulated import SimulatedModel
from pratique.partners.simulation import Capacity as Carries
from pratique.partners.simulation import Latency, Shares, Simulation
from pratique.settings.workspace import open_workspace
from pratique.workspace.init import init
from pratique.workspace.opened import Opened

SUPPORT = read_support([packaged()])
TEXT = (packaged() / "support.toml").read_text(encoding="utf-8")


@cache
def known() -> tuple[Subject, tuple[Question, ...]]:
    """Return the steady simulated model of the catalogue, and what it is asked."""
    with TemporaryDirectory() as folder:
        workspace = init(Path(folder) / "shop", rehearsal=True)
        candidate = find_candidate(partners_of(workspace), "simulated-taffrail/lookout")
        subject = subject_of(workspace, candidate, "CN", SUPPORT)
    return subject, asyncio.run(questions(subject, SUPPORT))


def made(**fields: object) -> Candidate:
    """Return that model with other behaviour."""
    data: dict[str, object] = {"seed": 7, "latency": Latency(median=0.3, spread=0.1)} | fields
    steady = known()[0].candidate
    model = msgspec.structs.replace(steady.model, simulation=Simulation(**data))  # type: ignore[arg-type]
    return Candidate(partner=steady.partner, model=model)


def probed(
    candidate: Candidate, support: Support = SUPPORT, calls: int = 5000, rates: Sequence[float] = ()
) -> Probe:
    """Return what a probe of *candidate* comes to, in virtual time."""
    subject, asked = known()
    changed = msgspec.structs.replace(subject, candidate=candidate)
    steps = [Step(rate=rate, requests=400) for rate in rates]

    async def scene(clock: Callable[[], float]) -> Probe:
        prober = Prober(changed, support, Cap(calls=calls), asked, steps=steps, clock=clock)
        return await prober.probe(SimulatedModel(candidate, clock=clock))

    return played(scene)


@cache
def steady() -> Probe:
    """Return the probe of one who carries everything."""
    return probed(made())


@cache
def turning_away() -> Probe:
    """Return the probe of one who carries six requests a second."""
    return probed(made(capacity=Carries(requests_per_second=6, burst=20)))


@cache
def slow() -> Probe:
    """Return the probe of one who is far too slow."""
    return probed(made(latency=Latency(median=6.0, spread=0.2, first=0.5)))


def figures(candidate: Candidate) -> LoadFigures:
    """Return the figures of a probe of *candidate*."""
    return load_figures(probed(candidate), SUPPORT)


def item(found: Capacity, name: str) -> Item:
    """Return one item."""
    return next(one for one in found.items if one.id == name)


def test_a_partner_who_carries_every_step_has_its_load_established() -> None:
    """All four steps, a burst, and nothing turned away."""
    found = load_figures(steady(), SUPPORT)
    assert [step.state for step in found.steps] == ["met"] * 4
    assert found.sustained_rate == 10 and found.first_limited is None and found.first_missed is None
    assert found.recovery is not None and found.recovery <= 1.0
    assert found.valid.state == found.same_verdict.state == "met"


def test_a_partner_who_clearly_fails_is_passed_over_after_tens_of_requests() -> None:
    """Six seconds to an answer where one second to the first token is asked for."""
    probe = slow()
    found = load_figures(probe, SUPPORT)
    assert probe.calls <= 20 and probe.burst is None
    assert found.first_missed is not None and found.first_missed.what == "first_token"


def test_the_first_429_and_the_first_missed_objective_are_told() -> None:
    """Six requests a second are carried, ten are not."""
    found = load_figures(turning_away(), SUPPORT)
    assert found.sustained_rate == 5
    assert found.first_limited is not None and found.first_limited.rate == 10
    assert found.first_missed is not None and found.first_missed.rate == 10
    assert [one.helped for one in found.waits] == [True] * 3


def test_a_dishonest_wait_is_found_out() -> None:
    """A tenth of the wait that would help is named."""
    carries = Carries(requests_per_second=1.5, burst=30, honest_retry_after=False)
    found = figures(made(capacity=carries))
    assert found.waits and all(one.helped is False for one in found.waits)


def test_a_throughput_that_collapses_is_seen_at_the_rate_where_it_does() -> None:
    """Beyond four at once everything slows down, and stays slow while requests keep coming."""
    found = figures(made(latency=Latency(median=0.9, spread=0.1), capacity=Carries(at_once=4)))
    assert found.steps[0].state == "met"
    assert found.steps[-1].state == "missed" and found.sustained_rate < 10


def test_broken_answers_and_a_failing_server_are_told_apart() -> None:
    """One is about form, the other about load."""
    broken = figures(made(shares=Shares(invalid=0.2)))
    assert broken.valid.state == "missed" and broken.sustained_rate == 10
    failing = figures(made(shares=Shares(unavailable=0.3)))
    assert failing.sustained_rate == 0 and failing.first_missed is not None


def test_a_refusal_is_an_answer_to_load_and_the_same_each_time() -> None:
    """How often a partner refuses is not about support."""
    found = figures(made(shares=Shares(refused=0.2)))
    assert found.sustained_rate == 10 and found.same_verdict.state == "met"


def test_the_cap_of_calls_ends_a_probe_and_what_is_left_is_unknown(opened: Opened) -> None:
    """Nothing is said of a step that was not climbed."""
    probe = probed(made(), calls=100)
    assert probe.calls == 100 == len(probe.sent) and "100 calls" in probe.stopped
    found = enter_probe(opened, probe)
    states = {one.id: one.state for one in found.items}
    assert states["sustained_rate"] == states["recovery"] == states["waits"] == "unknown"


def test_figures_are_the_same_when_they_are_made_again(opened: Opened) -> None:
    """From what was kept, byte for byte."""
    probe = turning_away()
    assert probed(made(capacity=Carries(requests_per_second=6, burst=20))) == probe
    enter_probe(opened, probe)
    partner = partners_of(opened.workspace)["simulated-taffrail"]
    with opened.database.connect() as connection:
        kept = evidence_of(connection, partner).probes[probe.candidate].read(Probe)
    assert load_figures(kept, SUPPORT) == load_figures(probe, SUPPORT)


def test_nothing_known_is_unknown_and_never_passes(opened: Opened) -> None:
    """Every item of the standard is there, and every one is unknown."""
    found = verdict_of(opened, "simulated-taffrail")
    assert found.verdict == "UNKNOWN" and {one.state for one in found.items} == {"unknown"}
    assert {one.id for one in found.items} == set(item_names(SUPPORT))
    (reason,) = found.reasons
    assert reason.startswith("nobody has looked at load carried, ")
    assert "12 more" in reason  # of 15: notice may stay unknown
    assert "`pratique support show simulated-taffrail`" in reason


def test_one_missed_item_is_enough(opened: Opened) -> None:
    """And it is named with its figures, when it was measured, and the record it comes from."""
    probe = slow()
    found = enter_probe(opened, probe)
    assert found.verdict == "INSUFFICIENT_SUPPORT_CAPACITY" and len(found.reasons) == 1
    reason = found.reasons[0]
    for words in ("first token", "bar 95%", "2026-11-02", "probe-", "simulated"):
        assert words in reason


def test_a_measured_miss_is_not_mended_by_what_is_declared(opened: Opened, tmp_path: Path) -> None:
    """Declared and measured stand side by side."""
    document = tmp_path / "roster.pdf"
    document.write_bytes(b"roster")
    enter_probe(opened, slow())
    for wanted in SUPPORT.attested:
        enter_attested(opened, "simulated-taffrail", wanted.item, "bo", document, "All is well.")
    found = verdict_of(opened, "simulated-taffrail")
    assert found.verdict == "INSUFFICIENT_SUPPORT_CAPACITY"
    staffing = item(found, "attested:staffing")
    assert staffing.state == "met" and not staffing.measured and "All is well." in staffing.declared
    assert item(found, "sustained_rate").declared == "16 calls at once"


def test_what_was_measured_of_another_snapshot_is_unknown(opened: Opened) -> None:
    """A new model has to show it anew."""
    old = msgspec.structs.replace(steady(), snapshot="lookout-0")
    found = item(enter_probe(opened, old), "sustained_rate")
    assert found.state == "unknown" and "lookout-0" in found.measured


def test_an_attested_item_grows_old(opened: Opened, tmp_path: Path) -> None:
    """Then it is unknown again, with the reason."""
    document = tmp_path / "iso.pdf"
    document.write_bytes(b"certificate")
    attested, found = enter_attested(
        opened, "simulated-taffrail", "certificate", "bo", document, "Until 2027."
    )
    assert len(attested.sha256) == 64
    assert item(found, "attested:certificate").state == "met"
    opened.clock.go_on(days=400)  # type: ignore[attr-defined]
    found = verdict_of(opened, "simulated-taffrail")
    old = item(found, "attested:certificate")
    assert old.state == "unknown" and "older than 365 days" in old.declared


@pytest.mark.parametrize(
    ("wanted", "document", "words"),
    [("sla", "a.pdf", "no attested item"), ("staffing", "none.pdf", "no file")],
)
def test_only_what_is_asked_for_is_attested_with_a_document_that_is_there(
    opened: Opened, tmp_path: Path, wanted: str, document: str, words: str
) -> None:
    """Nothing is kept otherwise."""
    (tmp_path / "a.pdf").write_bytes(b"a")
    with pytest.raises(NotFound, match=words):
        enter_attested(opened, "simulated-taffrail", wanted, "bo", tmp_path / document, "")
    assert {one.state for one in verdict_of(opened, "simulated-taffrail").items} == {"unknown"}


def test_decisions_are_in_the_ledger_once(opened: Opened, tmp_path: Path) -> None:
    """An attested item, and each verdict that says something new."""
    document = tmp_path / "a.pdf"
    document.write_bytes(b"a")
    before = opened.ledger.audit(opened.verifies).entries
    enter_attested(opened, "simulated-taffrail", "staffing", "bo", document, "")
    judge(opened, "simulated-taffrail")
    found = opened.ledger.audit(opened.verifies)
    assert not found.faults and found.entries == before + 2


def test_the_notice_that_was_given_is_counted_in_days(opened: Opened) -> None:
    """One that is too short is enough, even where notice may stay unknown."""
    found = item(verdict_of(opened, "simulated-hawser"), "notice")
    assert found.state == "met" and "104 days" in found.measured and found.low == 104
    held = msgspec.structs.replace(
        SUPPORT, notice=msgspec.structs.replace(SUPPORT.notice, least_days=180)
    )
    partner = partners_of(opened.workspace)["simulated-hawser"]
    with opened.database.connect() as connection:
        evidence = evidence_of(connection, partner)
    short = capacity(held, evidence, partner.id, opened.clock())
    assert short.verdict == "INSUFFICIENT_SUPPORT_CAPACITY" and "180 days" in short.reasons[0]


def test_a_notice_without_its_day_is_unknown() -> None:
    """Unless another was too short."""
    one = Retired(model="a/b", announced=None, on=date(2027, 1, 1), days=None, source="page")
    short = msgspec.structs.replace(one, announced=date(2026, 12, 1), days=31)
    assert notice_state([one], 90) == notice_state([], 90) == "unknown"
    assert notice_state([one, short], 90) == "missed"


def test_an_invented_partner_is_probed_in_a_rehearsal_only(tmp_path: Path) -> None:
    """Its figures stand for nobody."""
    workspace = init(tmp_path / "shop", rehearsal=False)
    candidate = find_candidate(partners_of(workspace), "simulated-taffrail/lookout")
    with pytest.raises(NotAllowed, match="invented"):
        subject_of(workspace, candidate, "CN", SUPPORT)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("rate = 1, requests = 300", "rate = 1, requests = 100", "takes 168 at least"),
        ("rate = 1, requests", "rate = 3, requests", "must rise"),
        ("sustained_rate = 5", "sustained_rate = 50", "no step reaches"),
        ("Asia/Shanghai", "Asia/Atlantis", "no time zone"),
        ('["notice"]', '["notices"]', "may_stay_unknown"),
        ('item = "reference"', 'item = "staffing"', "stands twice"),
        ("least_fixers", "least_fixer", "did you mean|unknown key"),
        ("share = 0.95 }\nper", "share = 1.5 }\nper", "first_token"),
    ],
)
def test_objectives_that_cannot_decide_are_refused(
    tmp_path: Path, old: str, new: str, words: str
) -> None:
    """Before anything is sent."""
    assert old in TEXT
    (tmp_path / "support.toml").write_text(TEXT.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(Malformed, match=words):
        read_support([tmp_path])


def test_objectives_of_the_workspace_stand_before_the_products_own(opened: Opened) -> None:
    """Data first: no code changes."""
    own = opened.workspace.folder / "standards" / "support.toml"
    own.write_text(TEXT.replace("least_days = 90", "least_days = 60"), encoding="utf-8")
    assert support_of(open_workspace(opened.workspace.folder)).notice.least_days == 60


def test_the_page_shows_every_item_and_draws_the_steps(opened: Opened) -> None:
    """Nothing that a partner wrote becomes markup."""
    found = enter_probe(opened, turning_away())
    evil = msgspec.structs.replace(found.items[0], declared="<script>|")
    changed = msgspec.structs.replace(found, items=(evil, *found.items[1:]))
    partner = partners_of(opened.workspace)["simulated-taffrail"]
    with opened.database.connect() as connection:
        evidence = evidence_of(connection, partner)
    pictures = support_page.pictures(evidence, SUPPORT, partner.id)
    page, text = support_page.html(changed, pictures), support_page.markdown(changed)
    assert "<script>" not in page and "&lt;script&gt;" in page and "<script>\\|" in text
    assert page.count("<svg") == 1 and "10 requests/s missed" in page and "simulated" in page
    for one in found.items:
        assert one.about in page and one.about in text
