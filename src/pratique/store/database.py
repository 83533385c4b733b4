"""The database: opening it, transactions that cannot interleave, and its migrations."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, create_engine, event, inspect, make_url, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnection
from sqlalchemy.pool import ConnectionPoolEntry

from pratique.errors import Malformed, NotAllowed, NotFound, Unavailable
from pratique.store.failures import explain

MIGRATE_HINT = "restore `state/` from a backup, or make a new workspace with `pratique init DIR`"
"""What to do about a database that is absent, or not of this version."""

_MIGRATIONS = Path(__file__).parent / "migrations"
_WRITES = "pratique_writes"


class Database:
    """Where everything is kept: one SQLite file, or PostgreSQL by URL.

    Opening touches nothing. The first transaction checks that the schema is the one this code
    knows; `migrate` makes it so. Safe to share between threads.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._schema_is_known = False

    @classmethod
    def open(cls, where: str | Path, *, patience: float = 5.0) -> "Database":
        """Return the database at *where*: a path, or a URL that SQLAlchemy understands.

        *patience* is how long, in seconds, a transaction waits for another to finish.

        Raises:
            Malformed: *where* looks like a URL and is none, or names a database in memory.
            Unavailable: the URL needs a driver that is not installed.
        """
        url = _url(where)
        if url.get_backend_name() == "postgresql":
            waits = f"-c lock_timeout={round(patience * 1000)}"
            return cls(_engine(url, connect_timeout=round(patience), options=waits))
        if url.get_backend_name() != "sqlite":
            return cls(_engine(url))
        if url.database in (None, "", ":memory:"):
            raise Malformed(
                "a database in memory keeps no decisions", hint="name a file: `sqlite:///file.db`"
            )
        engine = _engine(url, timeout=patience)
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return cls(engine)

    @property
    def name(self) -> str:
        """The path or URL, for people to read; a password in it is hidden."""
        path = self.file
        return str(path) if path else self._engine.url.render_as_string(hide_password=True)

    @contextmanager
    def begin(self) -> Iterator[Connection]:
        """Open a transaction that writes: committed when the block ends, undone when it raises.

        On SQLite it holds the write lock from its first statement (`BEGIN IMMEDIATE`), so what
        it read stays true until it commits, whatever other processes do. On PostgreSQL a decision
        takes the ledger's lock first (`pratique.ledger.chain.hold`), to the same end.

        Raises:
            NotFound, NotAllowed, Malformed, Unavailable: the database is absent, has another
                schema, is damaged, locked, or has no space.
        """
        with self._transaction(writes=True) as connection:
            self._check_schema(connection)
            yield connection

    @contextmanager
    def connect(self) -> Iterator[Connection]:
        """Open a transaction that reads: all its reads see one state, and nothing is kept.

        Raises: as `begin`.
        """
        with self._transaction(writes=False) as connection:
            self._check_schema(connection)
            yield connection

    def migrate(self) -> None:
        """Create the schema, or bring it up to the one this code knows, in one transaction.

        Raises:
            NotAllowed: the schema is newer than this code.
            Malformed: the database holds tables of something else.
        """
        with self._transaction(writes=True, create=True) as connection:
            found = _revision(connection)
            if found is None and inspect(connection).get_table_names():
                raise Malformed(
                    f"the database `{self.name}` holds tables that are not ours",
                    hint="name another file, or an empty database",
                )
            self._refuse_newer(found)
            if found != revisions()[-1]:
                _upgrade(connection)
        self._schema_is_known = True

    def close(self) -> None:
        """Close all connections; a later transaction opens them again."""
        self._engine.dispose()

    @property
    def file(self) -> Path | None:
        """Where the SQLite file is; None for a database on a server."""
        is_file = self._engine.dialect.name == "sqlite" and self._engine.url.database
        return Path(is_file) if is_file else None

    @contextmanager
    def _transaction(self, *, writes: bool, create: bool = False) -> Iterator[Connection]:
        """The one door: every transaction passes here, and database failures are told here."""
        if not create and self.file and not self.file.exists():
            # SQLite would make an empty file, which the next reader would take for a database.
            raise NotFound(f"there is no database `{self.name}`", hint=MIGRATE_HINT)
        try:
            with self._engine.connect() as connection:
                connection.execution_options(**{_WRITES: writes})
                if not writes and connection.dialect.name == "postgresql":
                    # Otherwise each statement would see a state of its own, as it does of writers.
                    connection.execution_options(isolation_level="REPEATABLE READ")
                transaction = connection.begin()
                yield connection
                if writes:
                    transaction.commit()
        except (DBAPIError, NoConnection) as error:
            explained = explain(error, self.name)
            if explained is None:
                raise
            raise explained from error

    def _check_schema(self, connection: Connection) -> None:
        if self._schema_is_known:
            return
        found = _revision(connection)
        self._refuse_newer(found)
        if found != revisions()[-1]:
            state = "is empty" if found is None else f"has the older schema {found}"
            raise NotAllowed(
                f"the database `{self.name}` {state}; this version needs {revisions()[-1]}",
                hint=MIGRATE_HINT,
            )
        self._schema_is_known = True

    def _refuse_newer(self, found: str | None) -> None:
        if found is not None and found not in revisions():
            raise NotAllowed(
                f"the database `{self.name}` has schema {found}, newer than this version knows"
                f" ({revisions()[-1]})",
                hint="upgrade pratique, or restore a backup that this version made",
            )


def revisions() -> tuple[str, ...]:
    """Return the schema revisions that this code knows, oldest first.

    They are the numbers that the files of migrations start with: reading names is quick, while
    loading Alembic takes most of a second, which only a migration should pay.
    """
    files = (_MIGRATIONS / "versions").glob("[0-9]*.py")
    return tuple(sorted(file.name.partition("_")[0] for file in files))


def _url(where: str | Path) -> URL:
    if isinstance(where, Path) or "://" not in where:
        return URL.create("sqlite", database=str(where))
    try:
        url = make_url(where)
    except ArgumentError:
        # The text is not repeated: it may hold a password.
        raise Malformed(
            "the database's address is not a URL", hint="write a path, or `postgresql://…`"
        ) from None
    # Without a driver's name SQLAlchemy would look for one that we do not install.
    return url.set(drivername="postgresql+psycopg") if url.drivername == "postgresql" else url


def _engine(url: URL, **arguments: float | str) -> Engine:
    try:
        # Parameters stay out of errors: they may hold what must not be printed.
        return create_engine(url, hide_parameters=True, connect_args=arguments)
    except (ArgumentError, ImportError) as error:
        raise Unavailable(
            f"there is no driver for `{url.drivername}` databases",
            hint="install it beside pratique: `psycopg` for `postgresql://…`",
        ) from error


def _prepare_sqlite(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    """Set up a new SQLite connection.

    `synchronous=FULL` costs one flush a commit (0.4 to 0.6 ms measured on a plain disk, against
    0.03 with `NORMAL`). With `NORMAL`, a power cut may undo the last commits: an approval or a
    halt would be forgotten, and the ledger would look cut beside its checkpoints.
    """
    # The driver must not begin transactions on its own: `_begin_sqlite` does.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get(_WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return found


def _upgrade(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    command.upgrade(config, "head")
