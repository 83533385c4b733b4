"""What the gate costs: one question by the state in memory, and one refresh of it from the store.

python -m bench.gate
"""

import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from pratique.assessment.candidates import offer
from pratique.filing.approvals import approval_of, keep_approval
from pratique.filing.filings import Filed, Filing, keep_filing
from pratique.rollout import steps
from pratique.rollout.gate import Admission, Context, admit
from pratique.rollout.pack_steps import begin
from pratique.rollout.replica import Gate
from pratique.serving.variant import frozen
from pratique.store import snapshots
from pratique.workspace.init import init
from pratique.workspace.opened import Opened

DEVICE = Context(device_region="CN", account_region="CN", targeting_key="device-1")


def filed(opened: Opened) -> Filing:
    """File, approve for practice and release every feature of the market in every locale."""
    begin(opened)
    market = opened.workspace.market("CN")
    offered = offer(opened.workspace, "CN")
    with opened.ledger.transaction() as connection:
        variants = []
        for feature in market.features:
            for locale in market.locales:
                data = frozen(offered.variant(feature, locale, "embedded/rules"))
                digest = snapshots.put(connection, data, "variant")
                variants.append(Filed(feature=feature, locale=locale, digest=digest))
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
            variants=tuple(variants),
        )
        keep_filing(connection, filing)
        today = opened.clock().date()
        approval = approval_of(
            filing,
            workspace=opened.workspace.configuration.name,
            rehearsal=True,
            number="REHEARSAL-1",
            issued=today,
            expires=today + timedelta(days=90),
            document_sha256="a" * 64,
            entered_by="bench",
        )
        keep_approval(connection, approval, opened.key)
    rules = steps.gate_rules(opened, "CN")
    for one in filing.variants:
        steps.start(opened, rules, one.digest)
        for _ in market.stages[1:]:
            steps.advance(opened, "CN", one.feature, one.locale)
    return filing


def seconds_of(work: Callable[[], object], times: int) -> float:
    """Return the time of one *work*, the least of five rounds."""
    rounds = []
    for _ in range(5):
        started = time.perf_counter()
        for _ in range(times):
            work()
        rounds.append((time.perf_counter() - started) / times)
    return min(rounds)


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        opened = Opened(init(Path(folder) / "shop", rehearsal=True), who="bench")
        filing = filed(opened)
        gate = Gate(opened, steps.gate_rules(opened, "CN"))
        state, now = gate.refresh(), opened.clock()
        found = admit(state, "summarize", "en", DEVICE, now)
        if not isinstance(found, Admission):
            raise SystemExit(f"the gate says no: {found}")
        question = seconds_of(lambda: admit(state, "summarize", "en", DEVICE, now), 20_000)
        refresh = seconds_of(gate.refresh, 20)
        opened.close()
    print(f"releases in the state      {len(filing.variants)}")
    print(f"one question               {question * 1e6:.2f} µs")
    print(f"one refresh from the store {refresh * 1e3:.2f} ms, every 0.5 s")


if __name__ == "__main__":
    main()
