"""The database: transactions, its schema and its failures."""

import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from pratique.errors import Malformed, NotAllowed, NotFound, Unavailable
from pratique.store import snapshots
from pratique.store.database import Database, revisions


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the database of a test is."""
    return tmp_path / "pratique.db"


@pytest.fixture
def database(path: Path) -> Database:
    """A migrated database that does not wait for locks."""
    database = Database.open(path, patience=0)
    database.migrate()
    return database


def pragma(database: Database, name: str) -> object:
    """Return what SQLite says of a setting."""
    with database.connect() as connection:
        return connection.scalar(text(f"PRAGMA {name}"))


def test_sqlite_is_set_up_to_survive_a_power_cut(database: Database) -> None:
    """A committed approval is on the disk: WAL with a flush at each commit."""
    assert pragma(database, "journal_mode") == "wal"
    assert pragma(database, "synchronous") == 2
    assert pragma(database, "foreign_keys") == 1


def test_a_transaction_waits_five_seconds_unless_told_otherwise(path: Path) -> None:
    """A short wait is normal when two commands run at once."""
    database = Database.open(path)
    database.migrate()
    assert pragma(database, "busy_timeout") == 5000


def test_a_block_is_kept_whole_or_not_at_all(database: Database) -> None:
    """What raises leaves nothing behind."""
    with database.begin() as connection:
        kept = snapshots.put(connection, b"kept", "test")
    with pytest.raises(ZeroDivisionError), database.begin() as connection:
        snapshots.put(connection, b"lost", "test")
        raise ZeroDivisionError
    with database.connect() as connection:
        assert connection.scalars(text("SELECT digest FROM snapshots")).all() == [kept]


def test_a_reading_transaction_keeps_nothing(database: Database) -> None:
    """Whoever wants to write says so."""
    with database.connect() as connection:
        snapshots.put(connection, b"lost", "test")
    with database.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM snapshots")) == 0


def test_a_reader_sees_one_state_while_another_writes(database: Database, path: Path) -> None:
    """An audit must not see half of a decision made meanwhile."""
    query = text("SELECT count(*) FROM snapshots")
    with database.connect() as reader:
        assert reader.scalar(query) == 0
        with Database.open(path).begin() as writer:
            snapshots.put(writer, b"meanwhile", "test")
        assert reader.scalar(query) == 0


def test_a_writer_holds_the_lock_from_its_first_read(database: Database, path: Path) -> None:
    """Otherwise two could read the same head of the ledger and both write after it."""
    other = Database.open(path, patience=0)
    with database.begin() as connection:
        connection.scalar(text("SELECT count(*) FROM snapshots"))
        with pytest.raises(Unavailable, match="locked") as caught, other.begin():
            pytest.fail("two writers at once")
    assert "try again" in caught.value.hint


def test_threads_take_turns_to_write(path: Path) -> None:
    """Read-then-write is safe between threads that share a database."""
    database = Database.open(path)
    database.migrate()
    with database.begin() as connection:
        connection.execute(text("CREATE TABLE tally (n INTEGER)"))
        connection.execute(text("INSERT INTO tally VALUES (0)"))

    def count_up() -> None:
        for _ in range(10):
            with database.begin() as connection:
                n = connection.scalar(text("SELECT n FROM tally"))
                connection.execute(text("UPDATE tally SET n = :n"), {"n": n + 1})

    threads = [threading.Thread(target=count_up) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    with database.connect() as connection:
        assert connection.scalar(text("SELECT n FROM tally")) == 30


def test_migrating_again_changes_nothing(database: Database) -> None:
    """`init` may run twice."""
    with database.begin() as connection:
        name = snapshots.put(connection, b"kept", "test")
    database.migrate()
    with database.connect() as connection:
        assert snapshots.get(connection, name) == b"kept"


def test_an_absent_database_is_not_made_by_looking(path: Path) -> None:
    """A mistyped path must not become an empty database."""
    database = Database.open(path)
    with pytest.raises(NotFound, match=r"pratique\.db"), database.connect():
        pass
    with pytest.raises(NotFound), database.begin():
        pass
    assert not path.exists()


def stored_revision(path: Path, revision: str | None) -> None:
    """Make the database at *path* claim another schema."""
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("DELETE FROM alembic_version")
        if revision is not None:
            connection.execute("INSERT INTO alembic_version VALUES (?)", [revision])


def test_an_older_schema_asks_to_be_migrated(
    database: Database, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is migrated behind the operator's back."""
    known = (*revisions(), "9998")
    monkeypatch.setattr("pratique.store.database.revisions", lambda: known)
    for use in (Database.open(path).begin, Database.open(path).connect):
        with pytest.raises(NotAllowed, match=r"older schema .*needs 9998") as caught, use():
            pass
        assert "init" in caught.value.hint


def test_an_empty_database_asks_to_be_migrated(path: Path) -> None:
    """An empty file is a database without a schema."""
    path.touch()
    with pytest.raises(NotAllowed, match="is empty") as caught, Database.open(path).connect():
        pass
    assert caught.value.hint


def test_a_newer_schema_is_left_alone(database: Database, path: Path) -> None:
    """Older code would misread what newer code wrote."""
    stored_revision(path, "9999")
    newer = Database.open(path)
    uses: list[Callable[[], object]] = [newer.migrate, newer.begin().__enter__]
    for use in uses:
        with pytest.raises(NotAllowed, match="9999, newer than this version") as caught:
            use()
        assert "upgrade" in caught.value.hint


def test_a_database_of_something_else_is_left_alone(path: Path) -> None:
    """Migrating it would mix our tables with theirs."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE recipes (name TEXT)")
    with pytest.raises(Malformed, match="not ours"):
        Database.open(path).migrate()


def test_a_file_that_is_no_database_is_named_and_left_alone(path: Path) -> None:
    """The error speaks of the file, not of what is in it."""
    path.write_bytes(b"my private diary, which is long enough to be no header. " * 40)
    before = path.read_bytes()
    for use in (Database.open(path).connect, Database.open(path).begin):
        with pytest.raises(Malformed, match="not a database") as caught, use():
            pass
        assert "diary" not in str(caught.value)
    with pytest.raises(Malformed, match="not a database"):
        Database.open(path).migrate()
    assert path.read_bytes() == before


def test_a_full_disk_keeps_nothing_of_the_step(database: Database) -> None:
    """SQLite's own page limit stands in for the disk."""
    with pytest.raises(Unavailable, match="no space") as caught, database.begin() as connection:
        connection.execute(text("PRAGMA max_page_count = 20"))
        snapshots.put(connection, b"small", "test")
        snapshots.put(connection, b"secret" * 100_000, "test")
    assert "free some space" in caught.value.hint
    assert "secret" not in str(caught.value)
    with database.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM snapshots")) == 0


def test_a_missing_folder_is_told(tmp_path: Path) -> None:
    """The usual reason why a database cannot be made."""
    with pytest.raises(Unavailable, match="cannot be opened"):
        Database.open(tmp_path / "nowhere" / "pratique.db").migrate()


def test_a_wrong_statement_is_our_own_fault(database: Database) -> None:
    """A bug is not dressed up as trouble of the operator's, and hides its parameters."""
    with (
        pytest.raises(OperationalError, match="no such table") as caught,
        database.begin() as connection,
    ):
        connection.execute(text("SELECT :it FROM missing"), {"it": "private words"})
    assert "private words" not in str(caught.value)


def test_an_address_may_be_a_path_or_a_url(path: Path) -> None:
    """All of these are one file."""
    for where in (path, str(path), f"sqlite:///{path}"):
        assert Database.open(where).name == str(path)


@pytest.mark.parametrize("where", ["sqlite://", "sqlite:///:memory:", ":memory:", "://"])
def test_an_address_that_keeps_nothing_is_refused(where: str) -> None:
    """Decisions outlive the process."""
    with pytest.raises(Malformed):
        Database.open(where)


def test_a_missing_driver_is_named_without_the_password() -> None:
    """The hint says what to install."""
    with pytest.raises(Unavailable, match="no driver for `oracle") as caught:
        Database.open("oracle+nothing://me:hunter2@host/db")
    assert "hunter2" not in str(caught.value) + caught.value.hint
