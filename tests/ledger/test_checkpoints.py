"""Checkpoints: a file that only grows, through crashes and edits."""

import stat

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pratique.errors import Unavailable
from pratique.ledger.chain import ORIGIN, Head
from pratique.ledger.checkpoints import CheckpointFile

from .test_audit import LENGTH, new_workshop
from .workshop import Workshop, clock


def lines(workshop: Workshop) -> list[bytes]:
    """Return the lines of the file."""
    return workshop.checkpoints.read_bytes().splitlines(keepends=True)


def faults(workshop: Workshop) -> list[tuple[str, int, str]]:
    """Return what the audit found, in short."""
    return [(f.record, f.number, f.what) for f in workshop.audit().faults]


def test_the_first_checkpoint_is_of_the_empty_ledger(workshop: Workshop) -> None:
    """So a ledger with entries and without a file can only be one that lost it."""
    workshop.decide(2)
    read = CheckpointFile(workshop.checkpoints).read()
    assert [(line.checkpoint.number, line.checkpoint.count) for line in read.lines] == [
        (1, 0), (2, 1), (3, 2),
    ]  # fmt: skip
    assert not read.torn


@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_a_crash_while_writing_is_told_and_healed(data: st.DataObject) -> None:
    """Wherever the write stopped: no fault, a note, and the next decision covers all."""
    with new_workshop() as workshop:
        last = lines(workshop)[-1]
        lost = data.draw(st.integers(1, len(last)))
        whole = workshop.checkpoints.read_bytes()
        workshop.checkpoints.write_bytes(whole[:-lost])
        torn = workshop.audit()
        assert torn.faults == ()
        # A line that lost only its end is still whole; one that is gone leaves no trace.
        assert torn.sealed == (LENGTH if lost == 1 else LENGTH - 1)
        assert bool([n for n in torn.notes if "torn line" in n]) == (1 < lost < len(last))
        workshop.decide()
        healed = workshop.audit()
        assert (healed.faults, healed.notes, healed.sealed) == ((), (), LENGTH + 1)
        assert workshop.checkpoints.read_bytes().startswith(whole[:-lost])


def test_a_crash_while_healing_is_healed_too(workshop: Workshop) -> None:
    """A second kill leaves two torn pieces; both stay, and nothing is lost."""
    workshop.decide(2)
    whole = workshop.checkpoints.read_bytes()
    workshop.checkpoints.write_bytes(whole[:-40] + b"\n" + lines(workshop)[-1][:30])
    assert faults(workshop) == []
    workshop.decide()
    assert faults(workshop) == []
    assert workshop.audit().notes == ()


def test_a_healed_tear_is_bound_like_everything_else(workshop: Workshop) -> None:
    """Whoever edits the torn bytes later is seen."""
    workshop.decide(2)
    workshop.checkpoints.write_bytes(workshop.checkpoints.read_bytes()[:-40])
    workshop.decide()
    torn = lines(workshop)[2]
    edited = workshop.checkpoints.read_bytes().replace(torn, torn[:-9] + b"\n")
    workshop.checkpoints.write_bytes(edited)
    assert faults(workshop) == [("checkpoint", 3, "altered")]


def test_a_crash_between_commit_and_checkpoint_is_told_and_healed(workshop: Workshop) -> None:
    """The decision stands; only its seal is missing."""
    workshop.decide(2)
    with workshop.database.begin() as connection:  # As if killed before `seal`.
        workshop.ledger.record(connection, who="ana", kind="key.added", subject="k", body={})
    audit = workshop.audit()
    assert audit.faults == ()
    assert audit.notes == (
        "1 of 3 entries are not yet covered by a checkpoint; the next decision will write one",
    )
    workshop.ledger.seal()
    assert workshop.audit().sealed == 3


def test_a_checkpoint_ahead_of_the_database_is_a_cut_tail(workshop: Workshop) -> None:
    """No crash leaves this: a commit is on the disk before its checkpoint is written."""
    workshop.decide(4)
    workshop.tamper("DELETE FROM ledger_entries WHERE seq > 2")
    (fault,) = workshop.audit().faults
    assert (fault.record, fault.number, fault.what) == ("entry", 3, "dropped")
    assert fault.sentence == "entries 3 to 4 are missing: a checkpoint counts 4"


@settings(max_examples=25, deadline=None)
@given(place=st.integers(1, LENGTH))
def test_any_removed_line_but_the_last_is_seen(place: int) -> None:
    """The last is no loss: the entries that it counted are still in the chain."""
    with new_workshop() as workshop:
        rest = lines(workshop)
        del rest[place - 1]
        workshop.checkpoints.write_bytes(b"".join(rest))
        assert faults(workshop) == [("checkpoint", place, "dropped")]


@settings(max_examples=25, deadline=None)
@given(place=st.integers(1, LENGTH), at=st.integers(0, 300), byte=st.integers(0, 255))
def test_any_altered_byte_is_seen(place: int, at: int, byte: int) -> None:
    """In every line but the last, whose alteration is as good as its removal."""
    with new_workshop() as workshop:
        rest = lines(workshop)
        line = bytearray(rest[place - 1])
        at %= len(line)
        if line[at] == byte:
            return
        line[at] = byte
        rest[place - 1] = bytes(line)
        workshop.checkpoints.write_bytes(b"".join(rest))
        ((record, number, _),) = faults(workshop)
        assert record == "checkpoint"
        assert number in (place, place + 1)


def test_swapped_lines_are_seen(workshop: Workshop) -> None:
    """Each line has a number and binds the one before."""
    workshop.decide(4)
    rest = lines(workshop)
    rest[1], rest[2] = rest[2], rest[1]
    workshop.checkpoints.write_bytes(b"".join(rest))
    assert faults(workshop) == [("checkpoint", 2, "dropped")]


def test_a_line_that_stands_twice_is_seen(workshop: Workshop) -> None:
    """A copy of a good line is still no good line."""
    workshop.decide(2)
    workshop.checkpoints.write_bytes(workshop.checkpoints.read_bytes() + lines(workshop)[-1])
    assert faults(workshop) == [("checkpoint", 3, "moved")]


def test_a_missing_file_is_seen(workshop: Workshop) -> None:
    """Entries without any checkpoint prove nothing about their end."""
    workshop.decide(2)
    workshop.checkpoints.unlink()
    assert faults(workshop) == [("checkpoint", 1, "dropped")]
    assert workshop.audit().sealed == 0


def test_the_file_is_not_for_everybody_to_write(workshop: Workshop) -> None:
    """Its worth lies in who cannot write it."""
    workshop.decide()
    assert not stat.S_IMODE(workshop.checkpoints.stat().st_mode) & 0o022


def test_a_file_that_cannot_be_used_is_named(workshop: Workshop) -> None:
    """A folder where the file should be stands in for any trouble with the disk."""
    workshop.checkpoints.mkdir()
    file = CheckpointFile(workshop.checkpoints)
    with pytest.raises(Unavailable, match=r"checkpoints\.jsonl` cannot be read") as caught:
        file.read()
    assert "permissions" in caught.value.hint
    with pytest.raises(Unavailable, match="cannot be written"):
        lost = CheckpointFile(workshop.folder / "nowhere" / "checkpoints.jsonl")
        lost.append(Head(count=0, hash=ORIGIN), clock()(), workshop.key)
