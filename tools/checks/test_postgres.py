"""PostgreSQL as the store: migrations, two replicas that agree, decisions that never interleave."""

import http.client
import multiprocessing
import os
import signal
import tempfile
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import create_engine, text

from bench.gate import DEVICE, filed
from pratique.cli.output import say
from pratique.errors import NotAllowed, PratiqueError, Unavailable
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
from tools.checks.test_halt_drill import services, wait

pgserver = pytest.importorskip("pgserver", reason="the package `pgserver` is not installed")

VARIABLE = "PRATIQUE_CHECK_STORE"
FEATURE, LOCALE = "summarize", "en"
GIVEN = {
    "text": "The pool is closed on Friday. Bring your own water. The gym stays open.",
    "kind": "article",
    "length": "medium",
}


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


class Clients:
    """Back ends that ask one replica, and the other where that one does not answer."""

    def __init__(self, ports: list[int]) -> None:
        self._ports = ports
        self.answers: list[tuple[int, str, int]] = []
        """Status, what it came to, and port, one for each request."""
        self.turned = 0
        """Requests that the replica they were sent to lost."""
        self.ends = threading.Event()

    def ask(self, number: int) -> None:
        """Ask again and again until the end, as devices of their own."""
        turn = 0
        while not self.ends.is_set():
            turn += 1
            context = msgspec.structs.asdict(DEVICE) | {"targeting_key": f"{number}-{turn}"}
            body = msgspec.json.encode({"locale": LOCALE, "input": GIVEN, "context": context})
            self.answers.append(
                self._answer(body, self._ports[turn % 2 :] + self._ports[: turn % 2])
            )

    def _answer(self, body: bytes, ports: list[int]) -> tuple[int, str, int]:
        for port in ports:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
            try:
                headers = {"Content-Type": "application/json"}
                connection.request("POST", f"/v1/features/{FEATURE}", body, headers)
                answer = connection.getresponse()
                found = msgspec.json.decode(answer.read(), type=dict[str, object])
                return answer.status, str(found.get("status")), port
            except (OSError, http.client.HTTPException):
                self.turned += 1
            finally:
                connection.close()
        return 0, "nobody answered", 0


def test_a_replica_that_is_killed_loses_no_request_that_the_other_can_take(shop: Path) -> None:
    """Four back ends under way, one replica gone from one moment to the next."""
    with services(shop, 2) as running:
        (first, process), (second, _) = running
        clients = Clients([first, second])
        threads = [threading.Thread(target=clients.ask, args=(number,)) for number in range(4)]
        for thread in threads:
            thread.start()
        try:
            wait(lambda: {port for _, _, port in clients.answers} == {first, second}, 60)
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(timeout=30)
            before = len(clients.answers)
            wait(lambda: len(clients.answers) > before + 100 and clients.turned > 0, 60)
        finally:
            clients.ends.set()
            for thread in threads:
                thread.join()
    assert {(status, what) for status, what, _ in clients.answers} == {(200, "ok")}
    assert {port for _, _, port in clients.answers[-50:]} == {second}
    say(f"replica killed: {len(clients.answers)} requests answered, {clients.turned} by the other")


def test_a_database_that_holds_a_workspace_is_taken_for_no_other(
    shop: Path, tmp_path: Path
) -> None:
    """It is refused by name, and no folder is left behind."""
    with pytest.raises(NotAllowed, match="holds a workspace's decisions already"):
        init(tmp_path / "other", rehearsal=True, store_variable=VARIABLE)
    assert not (tmp_path / "other").exists() and shop.is_dir()
