"""PostgreSQL as the store: migrations, two replicas that agree, decisions that never interleave."""

import multiprocessing
import tempfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from bench.gate import DEVICE, filed
from pratique.errors import PratiqueError, Unavailable
from pratique.ledger.chain import entries
from pratique.rollout import steps
from pratique.rollout.gate import Admission
from pratique.rollout.halts import Scope, list_halts
from pratique.rollout.releases import current
from pratique.rollout.replica import Gate
from pratique.rollout.tally import counts_of
from pratique.rollout.verify import verify
from pratique.settings.workspace import open_workspace
from pratique.workspace.init import init
from pratique.workspace.opened import Opened

pgserver = pytest.importorskip("pgserver", reason="the package `pgserver` is not installed")

VARIABLE = "PRATIQUE_CHECK_STORE"
FEATURE, LOCALE = "summarize", "en"


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """Run a PostgreSQL server and return its address."""
    folder = Path(tempfile.mkdtemp(prefix="pratique-pg-"))
    # As root the server runs under an account of its own, which must be able to come here.
    folder.chmod(0o755)
    found = pgserver.get_server(folder / "data", cleanup_mode="delete")
    yield found.get_uri()
    found.cleanup()


@pytest.fixture
def shop(server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace with eight releases whose store is an empty database of that server."""
    name = f"shop_{tmp_path.name}".replace("-", "_").lower()
    engine = create_engine(
        server.replace("postgresql://", "postgresql+psycopg://"), isolation_level="AUTOCOMMIT"
    )
    with engine.connect() as connection:
        connection.execute(text(f'CREATE DATABASE "{name}"'))
    engine.dispose()
    monkeypatch.setenv(VARIABLE, server.replace("/postgres?", f"/{name}?"))
    workspace = init(tmp_path / "shop", rehearsal=True, store_variable=VARIABLE)
    opened = Opened(workspace, who="ada")
    filed(opened)
    opened.close()
    return workspace.folder


def replica(folder: Path) -> tuple[Opened, Gate]:
    """Open the workspace as one more replica."""
    opened = Opened(open_workspace(folder), who="service")
    return opened, Gate(opened, steps.gate_rules(opened, "CN"))


def word(gate: Gate) -> str:
    """Return `yes`, or the reason of the refusal."""
    found = gate.admit(FEATURE, LOCALE, DEVICE)
    return "yes" if isinstance(found, Admission) else found.reason


def test_two_replicas_agree_on_halts_stages_and_counts(shop: Path) -> None:
    """What one decides the other goes by; counts add up; nothing is in a file beside."""
    (one, first), (other, second) = replica(shop), replica(shop)
    assert (word(first), word(second)) == ("yes", "yes")
    steps.order_halt(one, "CN", Scope(feature=FEATURE), "drill")
    assert (word(first), word(second)) == ("feature_halted", "feature_halted")
    steps.lift_halt(other, "CN", Scope(feature=FEATURE))
    assert (word(first), word(second)) == ("yes", "yes")
    with one.database.connect() as connection:
        release = current(connection, "CN", FEATURE, LOCALE)
    for gate in (first, second):
        for _ in range(50):
            gate.tally.add(release.id, "ok", 0.5)
        gate.close()
    with other.database.connect() as connection:
        assert counts_of(connection, release.id, release.entered).requests == 100
    assert verify_ledger(one) == ()
    assert not (shop / "state" / "pratique.db").exists()
    one.close()
    other.close()


def verify_ledger(opened: Opened) -> tuple[str, ...]:
    """Return what is wrong with ledger, snapshots and approvals."""
    return tuple(one for one in verify(opened).faults if not one.startswith("filing"))


def order_many(folder: Path, number: int) -> None:
    """Order 20 halts, as an operator in a process of their own."""
    opened = Opened(open_workspace(folder), who=f"operator-{number}")
    for turn in range(20):
        steps.order_halt(opened, "CN", Scope(app_category=f"c{number}-{turn}"), "drill")
    opened.close()


def test_operators_in_four_processes_never_lose_a_step(shop: Path) -> None:
    """80 halts: 80 names, 80 entries, one unbroken chain."""
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=order_many, args=(shop, number)) for number in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(timeout=120)
    assert [worker.exitcode for worker in workers] == [0] * 4
    opened, _ = replica(shop)
    with opened.database.connect() as connection:
        assert len({one.id for one in list_halts(connection, "CN")}) == 80
        assert len(list(entries(connection, kind="halt.ordered"))) == 80
    assert verify_ledger(opened) == ()
    opened.close()


def test_a_database_that_does_not_answer_is_told_without_its_password(
    shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And a replica that starts then goes by the last signed state."""
    opened, gate = replica(shop)
    assert word(gate) == "yes"
    opened.close()
    monkeypatch.setenv(VARIABLE, "postgresql://ada:s3cret@127.0.0.1:9/shop")
    opened, gate = replica(shop)
    with pytest.raises(PratiqueError) as error:
        steps.halt(opened, "CN", FEATURE, LOCALE, "drill")
    assert isinstance(error.value, Unavailable) and "does not answer" in error.value.message
    assert "s3cret" not in error.value.message + error.value.hint
    assert word(gate) == "yes"
    later = opened.clock() + timedelta(hours=1)
    opened.clock = lambda: later
    late = Gate(opened, steps.gate_rules(opened, "CN"))
    assert word(late) == "not_approved"
    opened.close()
