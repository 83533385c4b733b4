"""What breaks around a rollout: nothing approved is lost, nothing unapproved is on, the error is clear."""

import os
import random
import resource
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from bench.gate import DEVICE, filed
from pratique.errors import Malformed, Unavailable
from pratique.ledger.chain import entries
from pratique.rollout import steps
from pratique.rollout.gate import Admission
from pratique.rollout.halts import Scope, list_halts
from pratique.rollout.releases import current
from pratique.rollout.replica import Gate
from pratique.rollout.verify import verify
from pratique.settings.workspace import open_workspace
from pratique.workspace.init import init
from pratique.workspace.opened import Opened, database_path

FEATURE, LOCALE = "summarize", "en"

_WRITER = """
import sys
from pathlib import Path
from pratique.rollout import steps
from pratique.settings.workspace import open_workspace
from pratique.workspace.opened import Opened
opened = Opened(open_workspace(Path(sys.argv[1])), who="writer")
while True:
    for name, act in (("halted", lambda: steps.halt(opened, "CN", "summarize", "en", "drill")),
                      ("on", lambda: steps.resume(opened, "CN", "summarize", "en"))):
        act()
        print(name, flush=True)
"""


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Opened]:
    """A workspace with eight releases, each at its last stage."""
    found = Opened(init(tmp_path / "shop", rehearsal=True), who="ada")
    filed(found)
    yield found
    found.close()


def word(gate: Gate) -> str:
    """Return `yes`, or the reason of the refusal."""
    found = gate.admit(FEATURE, LOCALE, DEVICE)
    return "yes" if isinstance(found, Admission) else found.reason


def faults(opened: Opened) -> list[str]:
    """Return what is wrong, but for the evidence pack, which this workspace never built."""
    return [one for one in verify(opened).faults if not one.startswith("filing")]


def started(gate: Gate) -> Gate:
    """Return *gate* with a state in memory, as in a running service, refreshed by the test alone."""
    gate.refresh()
    gate._threads.append(None)  # type: ignore[arg-type]
    return gate


def test_kill_9_during_writes_leaves_what_was_decided(opened: Opened) -> None:
    """Twenty times: what the writer said it did is there, state and ledger agree, all is sound."""
    chance = random.Random(9)  # noqa: S311  (moments, no secrets)
    for _ in range(20):
        command = [sys.executable, "-c", _WRITER, str(opened.workspace.folder)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
            assert writer.stdout is not None
            said = writer.stdout.readline()
            time.sleep(chance.random() * 0.2)
            writer.send_signal(signal.SIGKILL)
            said += writer.stdout.read()
        last = said.split()[-1]
        with opened.database.connect() as connection:
            release = current(connection, "CN", FEATURE, LOCALE)
            decided = [
                one.kind.removeprefix("release.")
                for one in entries(connection, subject=release.id)
                if one.kind in {"release.halted", "release.resumed"}
            ]
        word_of = {"halted": "halted", "resumed": "on"}
        assert release.state == word_of[decided[-1]]
        # One more may have been committed after the last word that was said.
        assert last in {word_of[one] for one in decided[-2:]}
        assert faults(opened) == []
        if release.state == "halted":
            steps.resume(opened, "CN", FEATURE, LOCALE)


def test_a_full_disk_refuses_the_step_and_keeps_what_was(opened: Opened) -> None:
    """No file may grow: the order is refused in words, and takes effect once there is space."""
    folder = opened.workspace.folder
    command = [sys.executable, "-m", "pratique", "rollout", "halt", "--feature", FEATURE]

    def full() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (1024, 1024))

    opened.close()
    words = [*command, "--reason", "drill", "--workspace", str(folder)]
    done = subprocess.run(words, capture_output=True, text=True, preexec_fn=full, check=False)
    assert done.returncode == 1 and "Traceback" not in done.stderr
    assert "error: " in done.stderr and "hint: " in done.stderr
    with opened.database.connect() as connection:
        assert list_halts(connection, "CN") == []
    gate = Gate(opened, steps.gate_rules(opened, "CN"))
    assert (faults(opened), word(gate)) == ([], "yes")
    subprocess.run(words, check=True, capture_output=True)
    assert word(gate) == "feature_halted"


def test_a_locked_database_refuses_steps_and_lets_the_gate_read(opened: Opened) -> None:
    """Another process holds the write lock: nobody decides meanwhile, and nothing goes off or on."""
    gate = started(Gate(opened, steps.gate_rules(opened, "CN")))
    with closing(sqlite3.connect(database_path(opened.workspace), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        gate.refresh()
        assert word(gate) == "yes"
        with pytest.raises(Unavailable, match="locked by another process"):
            steps.order_halt(opened, "CN", Scope(feature=FEATURE), "drill")
        other.execute("ROLLBACK")
    steps.order_halt(opened, "CN", Scope(feature=FEATURE), "drill")
    gate.refresh()
    assert word(gate) == "feature_halted"
    assert faults(opened) == []


def test_a_corrupted_database_turns_nothing_on(opened: Opened) -> None:
    """What was halted stays halted by the last signed state; steps are refused; no new state is made."""
    steps.order_halt(opened, "CN", Scope(feature=FEATURE), "drill")
    gate = started(Gate(opened, steps.gate_rules(opened, "CN")))
    assert word(gate) == "feature_halted"
    opened.close()
    path = database_path(opened.workspace)
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.seek(100)
        file.write(os.urandom(size - 100))
    with pytest.raises(Malformed, match="damaged"):
        steps.lift_halt(opened, "CN", Scope(feature=FEATURE))
    gate.refresh()
    assert word(gate) == "feature_halted"
    again = Opened(open_workspace(opened.workspace.folder), who="service")
    assert word(Gate(again, steps.gate_rules(again, "CN"))) == "feature_halted"
    (opened.workspace.state / "gate-CN.json").unlink()
    with pytest.raises(Malformed, match="damaged"):
        word(Gate(again, steps.gate_rules(again, "CN")))
    again.close()
