"""The ledger: a decision, what it changes, its entry and its seal belong together."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from pratique.errors import Malformed, NotFound, Tampered, Unavailable
from pratique.ledger.chain import entries
from pratique.ledger.ledger import Ledger
from pratique.store import snapshots

from .workshop import Workshop, clock

ROOT = Path(__file__).parents[2]

WRITER = """
import sys
from pathlib import Path
from tests.ledger.workshop import Workshop
workshop = Workshop(Path(sys.argv[1]))
workshop.decide(15)
"""


def kinds(workshop: Workshop) -> list[str]:
    """Return the kinds of all entries."""
    with workshop.database.connect() as connection:
        return [entry.kind for entry in entries(connection)]


def test_a_decision_is_stored_with_what_it_changes_and_sealed(workshop: Workshop) -> None:
    """One block does it all, so nothing can be forgotten."""
    facts: dict[str, object] = {"reason": "drift"}
    with workshop.ledger.decision(
        who="ana", kind="release.halted", subject="r1", body=facts
    ) as connection:
        facts["snapshot"] = snapshots.put(connection, b"variant", "variant")
    with workshop.database.connect() as connection:
        (entry,) = entries(connection)
        assert entry.facts() == facts
        assert snapshots.check_all(connection) == []
    assert workshop.audit().sealed == 1


def test_a_block_that_raises_decides_nothing(workshop: Workshop) -> None:
    """Neither the change nor the entry nor a checkpoint of it remains."""
    workshop.decide()
    before = workshop.checkpoints.read_bytes()
    with (
        pytest.raises(ZeroDivisionError),
        workshop.ledger.decision(
            who="ana", kind="release.halted", subject="r1", body={}
        ) as connection,
    ):
        snapshots.put(connection, b"variant", "variant")
        raise ZeroDivisionError
    assert kinds(workshop) == ["stage.advanced"]
    assert workshop.checkpoints.read_bytes() == before
    with workshop.database.connect() as connection:
        assert snapshots.check_all(connection) == []


def test_a_decision_that_cannot_be_recorded_changes_nothing(workshop: Workshop) -> None:
    """No effect without its entry."""
    with (
        pytest.raises(Malformed),
        workshop.ledger.decision(who="ana", kind="oops", subject="r1", body={}) as connection,
    ):
        name = snapshots.put(connection, b"variant", "variant")
    with workshop.database.connect() as connection, pytest.raises(NotFound, match=name):
        snapshots.get(connection, name)


def test_several_decisions_share_one_checkpoint(workshop: Workshop) -> None:
    """What happens at once is sealed at once."""
    with workshop.ledger.transaction() as connection:
        for kind in ("approval.given", "release.started"):
            workshop.ledger.record(connection, who="ana", kind=kind, subject="r1", body={})
    audit = workshop.audit()
    assert (audit.entries, audit.sealed, audit.checkpoints) == (2, 2, 2)


def test_sealing_again_writes_nothing(workshop: Workshop) -> None:
    """A checkpoint says something new or is not written."""
    workshop.ledger.seal()
    assert not workshop.checkpoints.exists()
    workshop.decide()
    before = workshop.checkpoints.read_bytes()
    workshop.ledger.seal()
    assert workshop.checkpoints.read_bytes() == before


@pytest.mark.parametrize(
    "harm",
    [
        lambda workshop: workshop.checkpoints.unlink(),
        lambda workshop: workshop.tamper("DELETE FROM ledger_entries WHERE seq > 1"),
        lambda workshop: workshop.tamper("DELETE FROM ledger_entries"),
    ],
    ids=["file gone", "tail cut", "all cut"],
)
def test_a_contradiction_is_never_sealed_over_and_never_stops_a_halt(
    workshop: Workshop, harm: Callable[[Workshop], None]
) -> None:
    """A release must be halted even then; whoever does it is told, and the evidence stays."""
    workshop.decide(3)
    harm(workshop)
    exists = workshop.checkpoints.exists()
    before = workshop.checkpoints.read_bytes() if exists else b""
    with (
        pytest.raises(Tampered, match=r"is recorded, but .* contradict") as caught,
        workshop.ledger.decision(who="ana", kind="release.halted", subject="r1", body={}),
    ):
        pass
    assert "pratique verify" in caught.value.hint
    assert kinds(workshop)[-1] == "release.halted"
    assert workshop.audit().faults
    assert (workshop.checkpoints.read_bytes() if exists else b"") == before
    assert workshop.checkpoints.exists() == exists


def test_a_seal_that_fails_says_that_the_decision_stands(workshop: Workshop) -> None:
    """Whoever halts a release must know that it is halted."""
    workshop.decide()

    def halt() -> None:
        with workshop.ledger.decision(who="ana", kind="release.halted", subject="r1", body={}):
            workshop.checkpoints.rename(workshop.folder / "aside")
            workshop.checkpoints.mkdir()

    with pytest.raises(Unavailable, match="the decision is recorded, but it could not be sealed"):
        halt()
    assert kinds(workshop) == ["stage.advanced", "release.halted"]
    workshop.checkpoints.rmdir()
    (workshop.folder / "aside").rename(workshop.checkpoints)
    workshop.decide()
    audit = workshop.audit()
    assert (audit.faults, audit.notes) == ((), ())


def test_nothing_is_decided_where_no_checkpoint_can_be_written(workshop: Workshop) -> None:
    """A new ledger finds out before its first decision."""
    nowhere = workshop.folder / "nowhere" / "checkpoints.jsonl"
    ledger = Ledger(workshop.database, nowhere, signer=workshop.key, clock=clock())
    with (
        pytest.raises(Unavailable, match="cannot be written"),
        ledger.decision(who="ana", kind="release.started", subject="r1", body={}),
    ):
        pytest.fail("the block began")
    assert kinds(workshop) == []


def test_two_processes_keep_one_chain(workshop: Workshop) -> None:
    """Reading the head and writing after it cannot interleave, nor can two seals."""
    command = [sys.executable, "-c", WRITER, str(workshop.folder)]
    writers = [subprocess.Popen(command, cwd=ROOT) for _ in range(2)]
    workshop.decide(15)
    assert [writer.wait(timeout=120) for writer in writers] == [0, 0]
    audit = workshop.audit()
    assert (audit.entries, audit.sealed) == (45, 45)
    assert (audit.faults, audit.notes) == ((), ())


def test_a_killed_process_leaves_a_sound_ledger(workshop: Workshop) -> None:
    """Killed inside its transaction, a process decided nothing and blocks nobody."""
    workshop.decide()
    script = WRITER.replace(
        "workshop.decide(15)",
        "import os\n"
        "with workshop.ledger.decision(who='eve', kind='key.added', subject='k', body={}):\n"
        "    os.kill(os.getpid(), 9)",
    )
    command = [sys.executable, "-c", script, str(workshop.folder)]
    assert subprocess.run(command, cwd=ROOT, timeout=120, check=False).returncode == -9
    workshop.decide()
    assert kinds(workshop) == ["stage.advanced"] * 2
    audit = workshop.audit()
    assert (audit.faults, audit.notes) == ((), ())
