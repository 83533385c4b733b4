"""Releases that the watch looks at."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from pratique.assessment.candidates import offer
from pratique.filing.approvals import approval_of, keep_approval
from pratique.filing.filings import Filed, Filing, keep_filing
from pratique.rollout import steps
from pratique.rollout.releases import Release, current
from pratique.rollout.watch.acts import WATCH
from pratique.serving.variant import frozen
from pratique.settings.workspace import open_workspace
from pratique.store import snapshots
from pratique.workspace.opened import Opened
from tests.conftest import Clock

Starter = Callable[..., Release]


@pytest.fixture
def opened(new_folder: Path, clock: Clock) -> Iterator[Opened]:
    """A rehearsal workspace, opened by the watch."""
    found = Opened(open_workspace(new_folder), who=WATCH, clock=clock)
    yield found
    found.close()


@pytest.fixture
def start(opened: Opened) -> Starter:
    """Release what a candidate gives, approved for practice; more candidates are approved with it."""

    def started(feature: str, locale: str, *candidates: str) -> Release:
        variants = [
            offer(opened.workspace, "CN").variant(feature, locale, one) for one in candidates
        ]
        today = opened.clock().date()
        with opened.ledger.decision(
            who="ada", kind="filing.built", subject="CN-1", body={}
        ) as connection:
            digests = [snapshots.put(connection, frozen(one), "variant") for one in variants]
            filing = Filing(
                id="CN-1",
                market="CN",
                regime="cn-cac",
                state="draft",
                simulated=True,
                selection="selection-1",
                pack="filings/CN-1",
                manifest_sha256="0" * 64,
                created="2026-11-02T10:00:00.000000Z",
                variants=tuple(
                    Filed(feature=feature, locale=locale, digest=one) for one in digests
                ),
            )
            keep_filing(connection, filing)
            approval = approval_of(
                filing,
                workspace=opened.workspace.configuration.name,
                rehearsal=True,
                number="REHEARSAL-1",
                issued=today,
                expires=today + timedelta(days=400),
                document_sha256="a" * 64,
                entered_by="ada",
            )
            keep_approval(connection, approval, opened.key)
        return steps.start(opened, steps.gate_rules(opened, "CN"), digests[0])

    return started


def state_of(opened: Opened, release: Release) -> str:
    """Return whether *release* is on now."""
    with opened.database.connect() as connection:
        return current(connection, release.market, release.feature, release.locale).state
