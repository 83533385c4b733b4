"""The audit: every change to the chain is seen, and the first record concerned is named."""

# ruff: noqa: S608 - the statements here are those of somebody who edits the file by hand.

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import update

from pratique.errors import Malformed
from pratique.ledger.audit import Fault, verify
from pratique.ledger.chain import Entry, entries, ledger_entries
from pratique.ledger.checkpoints import CheckpointFile

from .workshop import Key, Workshop, clock

LENGTH = 7
PLACES = st.integers(1, LENGTH)
FIELDS = ["at", "who", "kind", "subject", "body", "previous", "hash"]

# Each example makes a database on the disk; its speed is the disk's, so none has a deadline.
on_disk = settings(max_examples=40, deadline=None)


@contextmanager
def new_workshop() -> Iterator[Workshop]:
    """Yield a sound ledger with decisions in it, in a folder of its own."""
    files, time = _decided()
    with TemporaryDirectory() as folder:
        for name, data in files.items():
            (Path(folder) / name).write_bytes(data)
        workshop = Workshop(Path(folder), clock=clock(time))
        yield workshop
        workshop.database.close()


@cache
def _decided() -> tuple[Mapping[str, bytes], datetime]:
    """Return the files of a ledger with decisions in it, and the time after them."""
    with TemporaryDirectory() as folder:
        workshop = Workshop(Path(folder))
        workshop.decide(LENGTH)
        assert workshop.audit().faults == ()
        workshop.database.close()
        files = {path.name: path.read_bytes() for path in Path(folder).iterdir()}
        return files, workshop.clock()


def only_fault(workshop: Workshop) -> Fault:
    """Return the one fault there is."""
    (fault,) = workshop.audit().faults
    return fault


def test_a_sound_ledger_has_no_fault_and_says_what_was_covered(workshop: Workshop) -> None:
    """No fault found is worth as much as what was looked at."""
    workshop.decide(3)
    audit = workshop.audit()
    assert (audit.entries, audit.sealed, audit.checkpoints) == (3, 3, 4)
    assert (audit.faults, audit.notes) == ((), ())


def test_an_empty_ledger_is_sound(workshop: Workshop) -> None:
    """Before the first decision there is nothing to prove."""
    audit = workshop.audit()
    assert (audit.faults, audit.notes) == ((), ())


@on_disk
@given(place=PLACES, name=st.sampled_from(FIELDS), value=st.text("0a{}.\"' é签") | st.binary())
def test_any_altered_field_is_seen(place: int, name: str, value: str | bytes) -> None:
    """Text, nonsense, even bytes where text belongs: the entry is named."""
    with new_workshop() as workshop:
        workshop.tamper()
        with workshop.database.begin() as connection:
            before = {entry.seq: entry for entry in entries(connection)}[place]
            connection.exec_driver_sql(
                f"UPDATE ledger_entries SET {name} = ? WHERE seq = ?", (value, place)
            )
        fault = only_fault(workshop) if getattr(before, name) != value else None
        if fault:
            assert (fault.record, fault.number, fault.what) == ("entry", place, "altered")


@on_disk
@given(place=PLACES, other=st.integers(-3, 3 * LENGTH))
def test_an_altered_place_is_seen(place: int, other: int) -> None:
    """An entry that changes its number leaves its place, or takes one that was not there."""
    if 1 <= other <= LENGTH:
        return
    with new_workshop() as workshop:
        workshop.tamper(f"UPDATE ledger_entries SET seq = {other} WHERE seq = {place}")
        fault = only_fault(workshop)
        assert fault.number == (other if other < 1 else place)
        assert fault.what == ("added" if other < 1 else "dropped")


@on_disk
@given(place=PLACES, count=st.integers(1, LENGTH), renumber=st.booleans())
def test_any_dropped_entries_are_seen(place: int, count: int, renumber: bool) -> None:
    """In the middle, at the end, and when those after them move up to hide it."""
    end = min(place + count, LENGTH + 1)
    statements = [f"DELETE FROM ledger_entries WHERE seq >= {place} AND seq < {end}"]
    if renumber:
        statements += [
            f"UPDATE ledger_entries SET seq = {seq - (end - place)} WHERE seq = {seq}"
            for seq in range(end, LENGTH + 1)
        ]
    with new_workshop() as workshop:
        workshop.tamper(*statements)
        fault = only_fault(workshop)
        assert (fault.record, fault.number) == ("entry", place)
        assert fault.what == ("moved" if renumber and end <= LENGTH else "dropped")


@on_disk
@given(places=st.lists(PLACES, min_size=2, max_size=2, unique=True))
def test_any_two_swapped_entries_are_seen(places: list[int]) -> None:
    """The earlier of the two places is named, and where its entry came from."""
    first, second = sorted(places)
    with new_workshop() as workshop:
        workshop.tamper(
            f"UPDATE ledger_entries SET seq = 0 WHERE seq = {first}",
            f"UPDATE ledger_entries SET seq = {first} WHERE seq = {second}",
            f"UPDATE ledger_entries SET seq = {second} WHERE seq = 0",
        )
        fault = only_fault(workshop)
        assert (fault.record, fault.number, fault.what) == ("entry", first, "moved")
        assert fault.sentence == f"in the place of entry {first} stands what was entry {second}"


@on_disk
@given(place=PLACES)
def test_a_chain_that_was_forged_from_an_entry_on_is_seen(place: int) -> None:
    """Hashes anyone can compute; the checkpoints vouch for the ones that were."""
    with new_workshop() as workshop:
        workshop.tamper()
        forge(workshop, place)
        fault = only_fault(workshop)
        assert (fault.record, fault.number, fault.what) == ("entry", place, "altered")
        assert "checkpoint vouches for another" in fault.sentence


def forge(workshop: Workshop, place: int) -> None:
    """Alter an entry and recompute every hash from there on."""
    with workshop.database.begin() as connection:
        previous = None
        for entry in list(entries(connection, after=place - 1)):
            fields = {"who": "eve", "previous": previous or entry.previous}
            previous = _altered(entry, fields).hash_at(entry.seq)
            connection.execute(
                update(ledger_entries)
                .where(ledger_entries.c.seq == entry.seq)
                .values(**fields, hash=previous)
            )


def _altered(entry: Entry, fields: dict[str, str]) -> Entry:
    return msgspec.convert(msgspec.structs.asdict(entry) | fields, Entry)


def test_a_forged_entry_that_no_checkpoint_names_breaks_the_next_link(workshop: Workshop) -> None:
    """Between two checkpoints, the chain still holds the entries together."""
    with workshop.ledger.transaction() as connection:
        for n in range(3):
            workshop.ledger.record(
                connection, who="ana", kind="key.added", subject=f"k{n}", body={}
            )
    workshop.tamper()
    with workshop.database.begin() as connection:
        entry = next(entries(connection))
        forged = _altered(entry, {"who": "eve"}).hash_at(1)
        connection.execute(
            update(ledger_entries).where(ledger_entries.c.seq == 1).values(who="eve", hash=forged)
        )
    fault = only_fault(workshop)
    assert (fault.number, fault.sentence) == (2, "entry 2 does not follow from the one before it")


def test_text_that_is_not_utf8_is_not_taken_for_sound(workshop: Workshop) -> None:
    """Such bytes cannot even be read; the audit must end in an error, not in silence."""
    workshop.decide(2)
    workshop.tamper("UPDATE ledger_entries SET who = CAST(x'ff' AS TEXT) WHERE seq = 2")
    with pytest.raises(Malformed, match="damaged"):
        workshop.audit()


def test_an_unknown_key_vouches_for_nothing(workshop: Workshop) -> None:
    """A file of checkpoints that somebody else signed is no proof."""
    workshop.decide(2)
    audit = workshop.ledger.audit(Key(secret=b"other").verify)
    assert audit.sealed == 0
    assert [(f.record, f.number, f.what) for f in audit.faults] == [("checkpoint", 1, "altered")]


def test_verify_tells_the_same_as_the_audit(workshop: Workshop) -> None:
    """The audit is `verify` with its counts and notes."""
    workshop.decide(3)
    workshop.tamper("DELETE FROM ledger_entries WHERE seq = 3")
    reading = CheckpointFile(workshop.checkpoints).read()
    with workshop.database.connect() as connection:
        faults = verify(connection, reading, workshop.key.verify)
    assert tuple(faults) == workshop.audit().faults
    assert faults[0].sentence == "entries 3 to 3 are missing: a checkpoint counts 3"
