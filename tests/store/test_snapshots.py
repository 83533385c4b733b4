"""Snapshots keep the bytes that their names promise."""

from pathlib import Path

import pytest
from sqlalchemy import update

from pratique.errors import NotFound, Tampered
from pratique.store import snapshots
from pratique.store.canonical import digest
from pratique.store.database import Database
from pratique.store.schema import snapshots as table
from tests.databases import new_database


@pytest.fixture
def database(tmp_path: Path) -> Database:
    """A new database."""
    return new_database(tmp_path / "store.db")


def tamper(database: Database, name: str, data: bytes) -> None:
    """Change stored bytes behind the store's back."""
    with database.begin() as connection:
        connection.execute(update(table).where(table.c.digest == name).values(data=data))


def test_bytes_come_back_by_their_digest(database: Database) -> None:
    """The name is computed from the bytes, and the same bytes are stored once."""
    with database.begin() as connection:
        name = snapshots.put(connection, b"prompt", "variant")
        assert snapshots.put(connection, b"prompt", "variant") == name
    assert name == digest(b"prompt")
    with database.connect() as connection:
        assert snapshots.get(connection, name) == b"prompt"
        assert snapshots.check_all(connection) == []


def test_empty_bytes_are_bytes(database: Database) -> None:
    """Nothing is something to name, too."""
    with database.begin() as connection:
        assert snapshots.get(connection, snapshots.put(connection, b"", "pack")) == b""


def test_an_unknown_digest_is_not_found(database: Database) -> None:
    """Absent is another trouble than altered."""
    with database.connect() as connection, pytest.raises(NotFound, match="sha256:00"):
        snapshots.get(connection, "sha256:00")


def test_altered_bytes_are_never_returned(database: Database) -> None:
    """A release serves what was approved, or nothing."""
    with database.begin() as connection:
        good = snapshots.put(connection, b"approved", "variant")
        bad = snapshots.put(connection, b"also approved", "variant")
    tamper(database, bad, b"another prompt")
    with database.begin() as connection:
        with pytest.raises(Tampered, match=bad):
            snapshots.get(connection, bad)
        with pytest.raises(Tampered, match=bad):
            snapshots.put(connection, b"also approved", "variant")
        assert snapshots.get(connection, good) == b"approved"
        assert snapshots.check_all(connection) == [bad]
