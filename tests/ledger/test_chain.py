"""The chain: appending to it and reading it."""

import hashlib
from datetime import UTC, datetime

import pytest
from sqlalchemy.exc import IntegrityError

from pratique.errors import Malformed
from pratique.ledger import chain

from .workshop import Workshop

NOW = datetime(2026, 11, 2, 10, 5, tzinfo=UTC)


def test_each_entry_is_bound_to_the_one_before(workshop: Workshop) -> None:
    """The hash covers everything else, the place and the hash before it too."""
    with workshop.database.begin() as connection:
        first = chain.append(
            connection, at=NOW, who="ana", kind="key.added", subject="k1", body={"b": 1, "a": "签"}
        )
        second = chain.append(
            connection, at=NOW, who="ana", kind="key.added", subject="k2", body={}
        )
        assert list(chain.entries(connection)) == [first, second]
        assert chain.head(connection) == chain.Head(count=2, hash=second.hash)
    assert (first.seq, first.previous, first.at) == (1, chain.ORIGIN, "2026-11-02T10:05:00.000000Z")
    assert (second.seq, second.previous) == (2, first.hash)
    assert first.body == '{"a":"签","b":1}'
    assert first.facts() == {"a": "签", "b": 1}
    written = (
        '{"at":"2026-11-02T10:05:00.000000Z","body":"{\\"a\\":\\"签\\",\\"b\\":1}","kind":"key.added",'
        f'"previous":"{chain.ORIGIN}","seq":1,"subject":"k1","who":"ana"}}'
    )
    assert first.hash == hashlib.sha256(written.encode()).hexdigest()


def test_entries_are_found_by_kind_subject_and_place(workshop: Workshop) -> None:
    """A history of one release is a question often asked."""
    with workshop.database.begin() as connection:
        for kind, subject in [("release.started", "r1"), ("release.halted", "r1")] * 2:
            chain.append(connection, at=NOW, who="ana", kind=kind, subject=subject, body={})
        chain.append(connection, at=NOW, who="ana", kind="key.added", subject="k", body={})
        halted = chain.entries(connection, kind="release.halted")
        assert [entry.seq for entry in halted] == [2, 4]
        late = chain.entries(connection, subject="r1", after=2)
        assert [entry.seq for entry in late] == [3, 4]


@pytest.mark.parametrize(
    ("who", "kind", "subject", "body", "message"),
    [
        ("ana", "halted", "r1", {}, "not a kind"),
        ("ana", "Release.Halted", "r1", {}, "not a kind"),
        ("", "release.halted", "r1", {}, "`who`"),
        ("ana", "release.halted", "r\n1", {}, "`subject`"),
        ("ana", "release.halted", "r1", {"share": float("nan")}, "no canonical JSON"),
        ("ana", "release.halted", "r1", {"text": "x" * 20_000}, "more than 16384"),
    ],
)
def test_a_decision_that_nobody_could_read_later_is_refused(
    workshop: Workshop, who: str, kind: str, subject: str, body: dict[str, object], message: str
) -> None:
    """The ledger is read by people years later."""
    with (
        workshop.database.begin() as connection,
        pytest.raises(Malformed, match=message) as caught,
    ):
        chain.append(connection, at=NOW, who=who, kind=kind, subject=subject, body=body)
    assert caught.value.hint


def test_a_time_without_a_zone_is_refused(workshop: Workshop) -> None:
    """Nobody could tell when it was."""
    with workshop.database.begin() as connection, pytest.raises(Malformed, match="time zone"):
        chain.append(
            connection,
            at=NOW.replace(tzinfo=None),
            who="ana",
            kind="key.added",
            subject="k",
            body={},
        )


@pytest.mark.parametrize("statement", ["UPDATE ledger_entries SET who = 'eve'", "DELETE FROM {}"])
def test_an_accident_is_stopped_by_the_database_itself(workshop: Workshop, statement: str) -> None:
    """The audit would see it, but it is better not to happen."""
    workshop.decide()
    with (
        pytest.raises(IntegrityError, match="append-only"),
        workshop.database.begin() as connection,
    ):
        connection.exec_driver_sql(statement.format("ledger_entries"))
    assert workshop.audit().faults == ()
