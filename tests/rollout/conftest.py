"""A market in which one feature was filed and approved for practice, without a model."""

import threading
import time
from collections.abc import Callable
from datetime import timedelta

import pytest

from pratique.assessment.candidates import offer
from pratique.filing.approvals import Approval, approval_of, keep_approval
from pratique.filing.filings import Filed, Filing, keep_filing
from pratique.rollout import steps
from pratique.rollout.gate import Context, Rules
from pratique.rollout.releases import Release
from pratique.serving.variant import digest_of, frozen
from pratique.store import snapshots
from pratique.workspace.opened import Opened

FEATURE, LOCALE, CANDIDATE = "summarize", "en", "embedded/rules"


@pytest.fixture
def rules(opened: Opened) -> Rules:
    """What the gate holds requests to."""
    return steps.gate_rules(opened, "CN")


@pytest.fixture
def digest(opened: Opened) -> str:
    """A frozen variant, filed but not approved."""
    variant = offer(opened.workspace, "CN").variant(FEATURE, LOCALE, CANDIDATE)
    with opened.ledger.decision(
        who="ada", kind="filing.built", subject="CN-1", body={}
    ) as connection:
        found = snapshots.put(connection, frozen(variant), "variant")
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
            variants=(Filed(feature=FEATURE, locale=LOCALE, digest=found),),
        )
        keep_filing(connection, filing)
    assert found == digest_of(variant)
    return found


@pytest.fixture
def approve(opened: Opened, digest: str) -> Callable[..., Approval]:
    """Enter an approval of the filed variant; fields may be overridden."""

    def enter(**fields: object) -> Approval:
        today = opened.clock().date()
        filing = Filing(
            id="CN-1",
            market=str(fields.pop("market", "CN")),
            regime="cn-cac",
            state="draft",
            simulated=True,
            selection="selection-1",
            pack="filings/CN-1",
            manifest_sha256="0" * 64,
            created="2026-11-02T10:00:00.000000Z",
            variants=(
                Filed(feature=FEATURE, locale=LOCALE, digest=str(fields.pop("digest", digest))),
            ),
        )
        values: dict[str, object] = {
            "workspace": opened.workspace.configuration.name,
            "rehearsal": True,
            "number": "REHEARSAL-1",
            "issued": today,
            "expires": today + timedelta(days=90),
            "document_sha256": "a" * 64,
            "entered_by": "ada",
        }
        approval = approval_of(filing, **(values | fields))  # type: ignore[arg-type]
        with opened.ledger.decision(
            who="ada", kind="approval.given", subject="CN-1", body={}
        ) as connection:
            keep_approval(connection, approval, opened.key)
        return approval

    return enter


@pytest.fixture
def release(opened: Opened, rules: Rules, digest: str, approve: Callable[..., Approval]) -> Release:
    """The approved variant, released to everybody."""
    approve()
    found = steps.start(opened, rules, digest)
    for _ in found.stages[1:]:
        found = steps.advance(opened, "CN", FEATURE, LOCALE)
    return found


@pytest.fixture
def device() -> Context:
    """A device of the market."""
    return Context(device_region="CN", account_region="CN", targeting_key="device-1")


@pytest.fixture
def until() -> Callable[[Callable[[], bool]], None]:
    """Wait until something is so; fail when it never is."""

    def wait(is_so: Callable[[], bool]) -> None:
        ends = time.monotonic() + 30
        pause = threading.Event()
        while not is_so():
            assert time.monotonic() < ends, "it never came"
            pause.wait(0.02)

    return wait
