"""Switching to an approved fallback: the same devices, at once, and only to what is approved."""

import threading
from collections.abc import Callable

import pytest

from pratique.assessment.candidates import offer
from pratique.assessment.decisions import Assessment, keep_assessment, keep_selection
from pratique.assessment.selection import Choice, Selection
from pratique.errors import NotAllowed
from pratique.filing.approvals import Approval
from pratique.filing.filings import Filed, Filing, keep_filing
from pratique.ledger.chain import entries
from pratique.rollout import steps
from pratique.rollout.gate import Admission, Context, Rules
from pratique.rollout.releases import Release
from pratique.rollout.replica import Gate
from pratique.serving.variant import frozen
from pratique.store import snapshots
from pratique.workspace.opened import Opened
from tests.rollout.conftest import CANDIDATE, FEATURE, LOCALE

OTHER = "embedded/smollm2-135m"


@pytest.fixture
def fallback(opened: Opened, release: Release) -> str:
    """The digest of the selection's first fallback, filed but not approved."""
    variant = offer(opened.workspace, "CN").variant(FEATURE, LOCALE, OTHER)
    with opened.ledger.decision(
        who="ada", kind="filing.built", subject="CN-2", body={}
    ) as connection:
        found = snapshots.put(connection, frozen(variant), "variant")
        choice = Choice(
            feature=FEATURE,
            locale=LOCALE,
            serves=CANDIDATE,
            digest=release.digest,
            fallbacks=("embedded/gemma3-270m", OTHER),
            passed_over=(),
            held_back=None,
        )
        assessment = Assessment(
            market="CN",
            standard="embedded",
            standard_digest="sha256:" + "0" * 64,
            seed=1,
            alpha=0.05,
            family="all",
            left_out=(),
            findings=(),
        )
        keep_assessment(connection, assessment, opened.clock())
        selection = Selection(
            market="CN", assessment=assessment.id, objective="estimate", choices=(choice,)
        )
        keep_selection(connection, selection, opened.clock())
        keep_filing(
            connection,
            Filing(
                id="CN-2",
                market="CN",
                regime="cn-cac",
                state="draft",
                simulated=True,
                selection=selection.id,
                pack="filings/CN-2",
                manifest_sha256="0" * 64,
                created="2026-11-02T10:00:00.000000Z",
                variants=(Filed(feature=FEATURE, locale=LOCALE, digest=found),),
            ),
        )
    return found


def test_a_fallback_that_is_not_approved_is_no_fallback(
    opened: Opened, rules: Rules, fallback: str
) -> None:
    """Selected and filed is not approved; the attempt by name is in the ledger."""
    assert steps.fallbacks(opened, rules, FEATURE, LOCALE) == []
    with pytest.raises(NotAllowed, match="no approved fallback"):
        steps.switch(opened, rules, FEATURE, LOCALE, reason="drill", digest=None)
    with pytest.raises(NotAllowed, match="cannot be released"):
        steps.switch(opened, rules, FEATURE, LOCALE, reason="drill", digest=fallback)
    with opened.database.connect() as connection:
        assert [one.subject for one in entries(connection, kind="release.refused")] == [fallback]


def test_a_switch_serves_the_next_approved_fallback_to_the_same_devices(
    opened: Opened,
    rules: Rules,
    release: Release,
    fallback: str,
    approve: Callable[..., Approval],
) -> None:
    """At the stage it was at, with the reason in the ledger; a halted release may be left so."""
    approve(digest=fallback)
    assert steps.fallbacks(opened, rules, FEATURE, LOCALE) == [(OTHER, fallback)]
    steps.halt(opened, "CN", FEATURE, LOCALE, "retractions")
    found = steps.switch(opened, rules, FEATURE, LOCALE, reason="retractions", digest=None)
    assert (found.digest, found.stage, found.state) == (fallback, release.stage, "on")
    with opened.database.connect() as connection:
        (entry,) = entries(connection, kind="release.switched")
    assert (entry.facts()["before"], entry.facts()["reason"]) == (release.id, "retractions")
    with pytest.raises(NotAllowed, match="needs a reason"):
        steps.switch(opened, rules, FEATURE, LOCALE, reason=" ", digest=None)


def test_a_switch_under_load_refuses_no_request(
    opened: Opened,
    rules: Rules,
    release: Release,
    device: Context,
    fallback: str,
    approve: Callable[..., Approval],
    until: Callable[[Callable[[], bool]], None],
) -> None:
    """Four threads ask all the while: each is served by the old release or by the new one."""
    approve(digest=fallback)
    gate = Gate(opened, rules)
    gate.start()
    seen: set[str] = set()
    ends = threading.Event()

    def load() -> None:
        while not ends.is_set():
            found = gate.admit(FEATURE, LOCALE, device)
            seen.add(found.release.digest if isinstance(found, Admission) else found.reason)
            ends.wait(0.001)

    threads = [threading.Thread(target=load) for _ in range(4)]
    for thread in threads:
        thread.start()
    try:
        until(lambda: release.digest in seen)
        steps.switch(opened, rules, FEATURE, LOCALE, reason="drill", digest=None)
        until(lambda: fallback in seen)
    finally:
        ends.set()
        for thread in threads:
            thread.join()
        gate.close()
    assert seen == {release.digest, fallback}
